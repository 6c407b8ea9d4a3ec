import { Injectable } from '@nestjs/common'
import { Conversations, DEFAULT_TURN_OPTIONS, sessionKeyOf } from '../conversation'
import { Directory } from '../directory'
import { TextKey } from '../i18n'
import { ClaimedEvent, HandlingResult, InboxRepository } from '../inbox'
import { BotIdentity, MessageEvent, ReadableText, readableText } from '../lark'
import { LarkIntegration } from '../settings'
import { Binding } from './binding.repository'
import { EventNotices } from './event-notices'
import { materialOf } from './message-material'
import { decideReply } from './message-policy'
import { TriggerConfig } from './trigger-config'

/** What one message needs to be routed, read once. */
export interface Routing {
  message: MessageEvent
  integration: LarkIntegration
  binding: Binding
  config: TriggerConfig
  bot: BotIdentity | null
}

/** Decides about one message and does what was decided. */
@Injectable()
export class MessageRouter {
  constructor(
    private readonly inbox: InboxRepository,
    private readonly conversations: Conversations,
    private readonly directory: Directory,
    private readonly notices: EventNotices
  ) {}

  async route(event: ClaimedEvent, routing: Routing): Promise<HandlingResult> {
    const { message, integration, config, bot } = routing
    const decision = decideReply(message, config, bot)
    if (!decision.answer) return { state: 'refused', reason: decision.reason }
    this.directory.saw(integration, message)
    const read = readableText(message, bot)
    if (read.text === '') return this.notice(event, integration, 'emptyMessage', 'empty_message')
    await this.open(event, routing, read)
    return { state: 'attached' }
  }

  private async notice(
    event: ClaimedEvent,
    integration: LarkIntegration,
    key: TextKey,
    reason: string
  ): Promise<HandlingResult> {
    await this.notices.tell(event, integration, key)
    return { state: 'answered', reason }
  }

  private open(event: ClaimedEvent, { message, integration, binding }: Routing, read: ReadableText): Promise<void> {
    const turn = {
      integrationId: integration.id,
      tenantId: integration.tenantId,
      organizationId: integration.organizationId,
      scopeKey: sessionKeyOf(message),
      xpertId: binding.xpertId,
      chatType: message.chatType,
      chatId: message.chatId,
      threadId: message.threadId,
      message: {
        messageId: message.messageId,
        senderId: message.sender.openId ?? message.sender.unionId ?? 'unknown',
        text: read.text,
        sentAt: message.createTime.toISOString(),
        ...materialOf(message, read)
      },
      options: DEFAULT_TURN_OPTIONS,
      sessionTimeoutSeconds: 0,
      isBot: false,
      window: null
    }
    return this.conversations.open(turn, (manager, turnId) => this.inbox.attach(manager, event, turnId))
  }
}
