import type { SayInput } from '../contract'
import { idsOf } from '../messages/event-view'
import { personContent } from '../messages/person-content'
import { publishMessage, pushTo } from '../messages/publish'
import { publishReaction } from '../messages/reaction-event'
import { publishRecall } from '../messages/recall'
import { Place, freePlace, replyPlace, threadPlace } from '../messages/reply-place'
import type { Platform } from '../platform'
import { newMessageId, newReactionId } from '../state/ids'
import type { Chat, Message } from '../state/model'

/** A person writes. The message is stored when this returns; apps are told behind it. */
export function say(platform: Platform, input: SayInput): Message {
  const { world } = platform
  const chat = chatFor(platform, input)
  if (!chat.userIds.includes(input.userId)) throw new Error(`user ${input.userId} is not in chat ${chat.chatId}`)
  const message = personMessage(platform, chat, input.userId, {
    ...personContent(world, chat, input),
    ...placeFor(platform, chat, input)
  })
  world.addMessage(message)
  publishMessage(world, platform.push, message)
  return message
}

/** Several messages as one bundle; the copies hang under it. */
export function forward(platform: Platform, input: { userId: string; chatId: string; messageIds: string[] }): Message {
  const { world } = platform
  const chat = world.chat(input.chatId)
  const common = { msgType: 'merge_forward', content: {}, mentions: [] }
  const bundle = personMessage(platform, chat, input.userId, { ...common, ...freePlace(chat, false) })
  for (const messageId of input.messageIds) {
    const child = {
      ...world.message(messageId),
      messageId: newMessageId(),
      upperMessageId: bundle.messageId,
      reactions: [],
      childIds: undefined
    }
    world.addMessage(child)
    bundle.childIds = [...(bundle.childIds ?? []), child.messageId]
  }
  world.addMessage(bundle)
  publishMessage(world, platform.push, bundle)
  return bundle
}

export function recall(platform: Platform, input: { userId: string; messageId: string }): void {
  const message = platform.world.message(input.messageId)
  if (message.sender.kind !== 'user' || message.sender.userId !== input.userId)
    throw new Error('only the sender recalls a message')
  message.recalled = true
  platform.world.changes.visible({ type: 'recall', chatId: message.chatId, messageId: message.messageId })
  publishRecall(platform, message, 'message_owner')
}

export function react(
  platform: Platform,
  input: { userId: string; messageId: string; emoji: string; remove?: boolean }
): void {
  const { world } = platform
  const message = world.message(input.messageId)
  const by = { kind: 'user' as const, userId: world.user(input.userId).userId }
  const actionTime = Date.now()
  if (input.remove)
    message.reactions = message.reactions.filter(
      (other) => !(other.emoji === input.emoji && other.by.kind === 'user' && other.by.userId === by.userId)
    )
  else message.reactions.push({ reactionId: newReactionId(), emoji: input.emoji, by, actionTime })
  world.changes.visible({ type: 'reaction', chatId: message.chatId, messageId: message.messageId })
  publishReaction(platform, message, { emoji: input.emoji, by, at: actionTime, removed: input.remove === true })
}

export function markRead(platform: Platform, input: { userId: string; messageIds: string[] }): void {
  const { world, push } = platform
  const at = Date.now()
  for (const messageId of input.messageIds) {
    const message = world.message(messageId)
    const chat = world.chat(message.chatId)
    if (message.readBy.some(({ userId }) => userId === input.userId)) continue
    message.readBy.push({ userId: input.userId, at })
    if (message.sender.kind !== 'app' || chat.mode !== 'p2p') continue
    const app = world.app(message.sender.appId)
    const reader = {
      reader_id: idsOf(world, app, { kind: 'user', userId: input.userId }),
      read_time: String(at),
      tenant_key: world.tenantKey
    }
    pushTo(world, push, app, {
      type: 'im.message.message_read_v1',
      scopes: ['im:message', 'im:message:readonly'],
      body: { reader, message_id_list: [messageId] }
    })
  }
}

function personMessage(
  platform: Platform,
  chat: Chat,
  userId: string,
  rest: Pick<Message, 'msgType' | 'content' | 'mentions' | 'card'> & Place
): Message {
  const now = Date.now()
  return {
    messageId: newMessageId(),
    chatId: chat.chatId,
    sender: { kind: 'user', userId: platform.world.user(userId).userId },
    ...rest,
    createTime: now,
    updateTime: now,
    recalled: false,
    editCount: 0,
    reactions: [],
    readBy: []
  }
}

function chatFor({ world }: Platform, input: SayInput): Chat {
  if (input.chatId) return world.chat(input.chatId)
  if (input.appId) return world.createDirectChat(input.userId, input.appId)
  throw new Error('say needs chatId or appId')
}

function placeFor({ world }: Platform, chat: Chat, input: SayInput): Place {
  if (input.replyTo) return replyPlace(world, chat, world.message(input.replyTo), false)
  if (!input.threadId) return freePlace(chat, input.newTopic === true)
  const place = threadPlace(world, input.threadId)
  if (!place) throw new Error(`thread ${input.threadId} does not exist`)
  return place
}
