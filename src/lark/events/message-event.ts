import { objectOf, objectsOf, parseJson, storableText, stringOf, textOf as trimmedTextOf } from '../../shared'
import { EventInvalidError, parseEnvelope, timeOf } from './envelope'
import { MESSAGE_RECALLED, MESSAGE_RECEIVED } from './handled-event-types'

export interface Mention {
  /** The placeholder in the content: `@_user_1`. */
  key: string
  /** Empty for `@_all`, and where Lark hides it. */
  openId: string
  name: string
  isBot?: boolean
}

export interface MessageSender {
  openId?: string
  unionId?: string
  /** `user` and `bot` in events; Lark's REST answers know `app`, `anonymous` and `unknown` too. */
  type: string
  /** Of their company; in groups with people from outside it is not the app's. */
  tenantKey?: string
}

export interface MessageEvent {
  eventId: string
  appId: string
  /** The company whose app it is; empty where Lark does not say. */
  tenantKey: string
  messageId: string
  rootId?: string
  parentId?: string
  threadId?: string
  chatId: string
  /** Topic groups say `group` too (lark-platform trap 24). */
  chatType: 'p2p' | 'group'
  /** `text`, `post`, `image`, ... */
  messageType: string
  /** Lark's JSON text, as received. */
  content: string
  mentions: Mention[]
  /** `@all`, which Lark does not always list among the mentions (trap 26). */
  mentionsAll: boolean
  sender: MessageSender
  createTime: Date
}

export interface RecalledEvent {
  eventId: string
  appId: string
  messageId: string
  chatId: string
}

const ALL = '@_all'

/** Names and ids are kept: Lark gives out what their writer wrote. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? trimmedTextOf(storableText(value)) : undefined

/** Throws `EventInvalidError` where Lark's id or the like is missing. */
export const required = (value: unknown): string => {
  const text = textOf(value)
  if (text === undefined) throw new EventInvalidError('event')
  return text
}

const mentionsOf = (value: unknown): Mention[] =>
  objectsOf(value).flatMap((mention): Mention[] => {
    const key = textOf(mention['key'])
    if (key === undefined) return []
    const kind = textOf(mention['mentioned_type'])
    return [
      {
        key,
        openId: textOf(objectOf(mention['id'])['open_id']) ?? '',
        name: textOf(mention['name']) ?? '',
        ...(kind === undefined ? {} : { isBot: kind === 'bot' })
      }
    ]
  })

const ALL_IN_CONTENT = /@_all(?![A-Za-z0-9_])/

const senderOf = (value: unknown): MessageSender => {
  const sender = objectOf(value)
  const id = objectOf(sender['sender_id'])
  return {
    openId: textOf(id['open_id']),
    unionId: textOf(id['union_id']),
    type: textOf(sender['sender_type']) ?? 'unknown',
    tenantKey: textOf(sender['tenant_key'])
  }
}

/** A stored payload is JSON text, a fresh one an object: both are taken. */
export const envelopeOf = (payload: unknown) =>
  parseEnvelope(typeof payload === 'string' ? parseJson(payload) : payload)

/** Parses a whole `im.message.receive_v1` envelope, stored or fresh. Throws `EventInvalidError`. */
export const parseMessageEvent = (payload: unknown): MessageEvent => {
  const envelope = envelopeOf(payload)
  if (envelope.eventType !== MESSAGE_RECEIVED) throw new EventInvalidError('event_type')
  const message = objectOf(envelope.event['message'])
  const content = stringOf(message['content'])
  const mentions = mentionsOf(message['mentions'])
  return {
    eventId: envelope.eventId,
    appId: envelope.appId,
    tenantKey: envelope.tenantKey,
    messageId: required(message['message_id']),
    rootId: textOf(message['root_id']),
    parentId: textOf(message['parent_id']),
    threadId: textOf(message['thread_id']),
    chatId: required(message['chat_id']),
    chatType: message['chat_type'] === 'p2p' ? 'p2p' : 'group',
    messageType: textOf(message['message_type']) ?? 'unknown',
    content,
    mentions,
    mentionsAll: mentions.some((mention) => mention.key === ALL) || ALL_IN_CONTENT.test(content),
    sender: senderOf(envelope.event['sender']),
    createTime: timeOf(message['create_time'])
  }
}

/** Parses a whole `im.message.recalled_v1` envelope. Throws `EventInvalidError`. */
export const parseRecalledEvent = (payload: unknown): RecalledEvent => {
  const { eventType, eventId, appId, event } = envelopeOf(payload)
  if (eventType !== MESSAGE_RECALLED) throw new EventInvalidError('event_type')
  return { eventId, appId, messageId: required(event['message_id']), chatId: required(event['chat_id']) }
}

/** Whether the bot itself is mentioned: by open_id only, names are not unique (lark-platform 0.8). */
export const mentionsBot = (event: Pick<MessageEvent, 'mentions'>, botOpenId: string): boolean =>
  event.mentions.some((mention) => mention.openId === botOpenId)

/** Whether the sender belongs to another company than the app. Where Lark does not say so, nobody does. */
export const isFromOutside = ({ tenantKey, sender }: Pick<MessageEvent, 'tenantKey' | 'sender'>): boolean =>
  tenantKey !== '' && sender.tenantKey !== undefined && sender.tenantKey !== tenantKey
