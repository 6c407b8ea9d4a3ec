import { isObject, JsonObject, objectOf, objectsOf, stringOf, textOf } from '../../shared'
import { Mention } from '../events/message-event'

/** A message as Lark's REST API gives it: ids are strings, an app is its app id (lark-platform trap 27). */
export interface RestMessage {
  messageId: string
  messageType: string
  /** JSON text; a sentence where the message was recalled. */
  content: string
  mentions: Mention[]
  senderId: string
  senderType: string
  chatId: string
  rootId?: string
  parentId?: string
  threadId?: string
  /** The bundle that it was forwarded in. */
  upperMessageId?: string
  createTime: number
  deleted: boolean
}

const mentionOf = (mention: JsonObject): Mention[] => {
  const key = textOf(mention['key'])
  return key === undefined ? [] : [{ key, openId: stringOf(mention['id']), name: stringOf(mention['name']) }]
}

/** Null for what has no id. */
export const parseRestMessage = (raw: unknown): RestMessage | null => {
  if (!isObject(raw)) return null
  const messageId = textOf(raw['message_id'])
  if (messageId === undefined) return null
  const sender = objectOf(raw['sender'])
  const body = objectOf(raw['body'])
  return {
    messageId,
    messageType: stringOf(raw['msg_type']),
    content: stringOf(body['content']),
    mentions: objectsOf(raw['mentions']).flatMap(mentionOf),
    senderId: stringOf(sender['id']),
    senderType: stringOf(sender['sender_type']),
    chatId: stringOf(raw['chat_id']),
    rootId: textOf(raw['root_id']),
    parentId: textOf(raw['parent_id']),
    threadId: textOf(raw['thread_id']),
    upperMessageId: textOf(raw['upper_message_id']),
    createTime: Number(raw['create_time']) || 0,
    deleted: raw['deleted'] === true
  }
}
