import { checkSentCard } from '../cards/sent-card'
import { publishMessage } from '../messages/publish'
import { Place } from '../messages/reply-place'
import { sentContent } from '../messages/sent-content'
import { newMessageId } from '../state/ids'
import type { Chat, Message } from '../state/model'
import { fieldViolation, larkError } from '../wire/error-codes'
import { ApiContext, optionalText, requiredText } from './api'

const TEXT_BYTES = 150 * 1024
const CARD_BYTES = 30 * 1024

interface Draft {
  msgType: string
  content: Record<string, unknown>
  uuid?: string
}

/** What create, reply and update have in common: the body's form and size. */
export function draftOf(context: ApiContext): Draft {
  const msgType = requiredText(context.body, 'msg_type')
  const text = requiredText(context.body, 'content')
  const uuid = optionalText(context.body, 'uuid', 50)
  const limit = msgType === 'text' ? TEXT_BYTES : CARD_BYTES
  if (context.bodyBytes > limit) throw larkError(230025)
  return { msgType, content: parseContent(text), uuid }
}

export function parseContent(text: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(text)
    if (typeof content === 'object' && content !== null && !Array.isArray(content))
      return content as Record<string, unknown>
  } catch {
    // Falls through to the same refusal.
  }
  throw fieldViolation('content', 'content is not a string in json format')
}

/** The message that an earlier call with this uuid made. */
export function sentBefore({ platform, app }: ApiContext, draft: Draft): Message | undefined {
  const messageId = platform.uuids.find(app.appId, draft.uuid, Date.now())
  return messageId === undefined ? undefined : platform.world.messages.get(messageId)
}

/** Checks the right to write here, counts the message and puts it into the chat. */
export function send(context: ApiContext, chat: Chat, draft: Draft, place: () => Place): Message {
  const { platform, app } = context
  checkMember(context, chat)
  platform.limits.takeChat(chat.chatId)
  const card = draft.msgType === 'interactive' ? checkSentCard(platform.world, app, draft.content) : undefined
  const { content, mentions } = card
    ? { content: {}, mentions: [] }
    : sentContent(platform.world, app, draft.msgType, draft.content)
  const now = Date.now()
  const message: Message = {
    messageId: newMessageId(),
    chatId: chat.chatId,
    sender: { kind: 'app', appId: app.appId },
    msgType: draft.msgType,
    content,
    mentions,
    ...card,
    ...place(),
    createTime: now,
    updateTime: now,
    recalled: false,
    editCount: 0,
    reactions: [],
    readBy: []
  }
  const entity = message.cardId ? platform.world.cards.get(message.cardId) : undefined
  if (entity) entity.messageId = message.messageId
  platform.uuids.remember(app.appId, draft.uuid, message.messageId, now)
  platform.world.addMessage(message)
  publishMessage(platform.world, platform.push, message)
  return message
}

export function checkMember({ app }: ApiContext, chat: Chat): void {
  if (chat.dissolved) throw larkError(232009)
  if (!chat.appIds.includes(app.appId)) throw larkError(230002)
  if (chat.mode === 'p2p' && app.unavailableUserIds.includes(chat.userIds[0])) throw larkError(230013)
}

/** activate_status 1: the tenant disabled the app. */
export function checkBotAbility({ app }: ApiContext): void {
  if (app.activateStatus === 1) throw larkError(230006)
}
