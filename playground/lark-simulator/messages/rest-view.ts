import type { App, Mentioned, Message } from '../state/model'
import type { World } from '../state/world'
import { cardOf, receivedContent } from './received-content'

export interface RestViewOptions {
  userIdType?: string
  /** 'user_card_content': the card as it was sent. */
  cardContentType?: string
}

/** Message object of the REST API: ids are strings here, a bot is its app id. */
export function restMessage(
  world: World,
  viewer: App,
  message: Message,
  options: RestViewOptions = {}
): Record<string, unknown> {
  return {
    message_id: message.messageId,
    ...(message.rootId && { root_id: message.rootId }),
    ...(message.parentId && { parent_id: message.parentId }),
    ...(message.threadId && { thread_id: message.threadId }),
    msg_type: message.msgType,
    create_time: String(message.createTime),
    update_time: String(message.updateTime),
    deleted: message.recalled,
    updated: message.editCount > 0,
    chat_id: message.chatId,
    sender: {
      ...identity(world, viewer, message.sender, options),
      sender_type: message.sender.kind,
      tenant_key: world.tenantKey
    },
    body: { content: restContent(world, message, options) },
    ...(message.mentions.length > 0 && {
      mentions: message.mentions.map((mention) => restMention(world, viewer, mention, options))
    }),
    ...(message.upperMessageId && { upper_message_id: message.upperMessageId })
  }
}

function restMention(
  world: World,
  viewer: App,
  mention: Message['mentions'][number],
  options: RestViewOptions
): Record<string, unknown> {
  // Mentions name bots by open_id, unlike `sender`.
  const id =
    mention.target.kind === 'app'
      ? { id: world.openIdOf(viewer, mention.target), id_type: 'open_id' }
      : identity(world, viewer, mention.target, options)
  return { key: mention.key, ...id, name: mention.name, tenant_key: world.tenantKey }
}

function restContent(world: World, message: Message, options: RestViewOptions): string {
  if (message.recalled) return 'This message was recalled'
  const card = cardOf(world, message)
  if (card && options.cardContentType === 'user_card_content') return JSON.stringify(card)
  return JSON.stringify(receivedContent(world, message))
}

function identity(
  world: World,
  viewer: App,
  subject: Mentioned,
  options: RestViewOptions
): { id: string; id_type: string } {
  if (subject.kind === 'app') return { id: subject.appId, id_type: 'app_id' }
  return { id: userIdAs(world, viewer, subject.userId, options.userIdType), id_type: options.userIdType ?? 'open_id' }
}

export function userIdAs(world: World, viewer: App, userId: string, idType = 'open_id'): string {
  if (idType === 'union_id') return world.user(userId).unionId
  return idType === 'user_id' ? userId : world.openIdOf(viewer, { kind: 'user', userId })
}
