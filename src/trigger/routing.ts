import { isShared, NewTurn, SessionScope, sessionKeyOf } from '../conversation'
import { BotIdentity, MessageEvent, ReadableText } from '../lark'
import { LarkIntegration } from '../settings'
import { Binding } from './binding.repository'
import { materialOf } from './message-material'
import { isBotSender } from './message-policy'
import { TriggerConfig } from './trigger-config'

/** What one message needs to be routed, read once. */
export interface Routing {
  message: MessageEvent
  integration: LarkIntegration
  binding: Binding
  config: TriggerConfig
  /** Settings of the config that could not be read. */
  invalid: readonly string[]
  bot: BotIdentity | null
}

export const senderOf = ({ sender }: MessageEvent): string => sender.openId ?? sender.unionId ?? 'unknown'

export const scopeOf = ({ message, integration, binding, config }: Routing): SessionScope => ({
  integrationId: integration.id,
  tenantId: integration.tenantId,
  organizationId: integration.organizationId,
  scopeKey: sessionKeyOf({ ...message, senderId: senderOf(message) }, config.sessionScope),
  xpertId: binding.xpertId,
  chatType: message.chatType,
  chatId: message.chatId,
  threadId: message.threadId
})

export const isSharedScope = ({ message, config }: Routing): boolean =>
  isShared(message.chatType, message.threadId, config.sessionScope)

/**
 * @param speaker who speaks, where a session has several people
 * @param startsNew the scope's session is over: this is the first message of its next one
 */
export const newTurnOf = (
  routing: Routing,
  read: ReadableText,
  { speaker, startsNew = false }: { speaker?: string; startsNew?: boolean }
): NewTurn => {
  const { message, config } = routing
  return {
    ...scopeOf(routing),
    message: {
      messageId: message.messageId,
      senderId: senderOf(message),
      text: read.text,
      sentAt: message.createTime.toISOString(),
      ...materialOf(message, read)
    },
    options: {
      idleTimeoutSeconds: config.runIdleTimeoutSeconds,
      streaming: config.streaming,
      approverOpenIds: config.approverOpenIds,
      attachmentMaxMiB: config.attachmentMaxMiB,
      historyMessages: startsNew ? 0 : config.historyMessages,
      ...(speaker === undefined ? {} : { speaker })
    },
    sessionTimeoutSeconds: config.sessionTimeoutSeconds,
    startsNew,
    isBot: isBotSender(message),
    window:
      config.summaryWindowSeconds > 0
        ? {
            idleSeconds: config.summaryWindowSeconds,
            maxWaitSeconds: config.summaryMaxWaitSeconds,
            maxMessages: config.summaryMaxMessages
          }
        : null
  }
}
