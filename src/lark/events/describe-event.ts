import { isObject, JsonObject, objectOf, parseJson, textOf } from '../../shared'
import { LarkEnvelope } from './envelope'
import { CARD_ACTION, MESSAGE_RECALLED, MESSAGE_RECEIVED } from './handled-event-types'

/** What the inbox stores about an event; the names are those of its row. */
export interface EventDescription {
  eventType: string
  dedupKey: string
  lane: string
  payload: string
  messageId?: string
  chatId?: string
  threadId?: string
  senderId?: string
  /** A short text message without its mentions; not stored. */
  words?: string
  /** What a button that was pressed orders; not stored. */
  pressed?: string
}

type Ids = Pick<EventDescription, 'messageId' | 'chatId' | 'threadId' | 'senderId' | 'words' | 'pressed'>

const openIdOf = (value: unknown): string | undefined => textOf(objectOf(value)['open_id'])

/** Longer ones are no order. */
const MOST_WORDS_CHARS = 200

const wordsOf = (content: unknown): string | undefined => {
  if (typeof content !== 'string' || content.length > MOST_WORDS_CHARS) return undefined
  return textOf(objectOf(parseJson(content))['text'])
    ?.replace(/@_user_\d+/g, '')
    .trim()
}

const idsOf = ({ eventType, event }: LarkEnvelope): Ids => {
  if (eventType === MESSAGE_RECEIVED) {
    const message = objectOf(event['message'])
    return {
      messageId: textOf(message['message_id']),
      chatId: textOf(message['chat_id']),
      threadId: textOf(message['thread_id']),
      senderId: openIdOf(objectOf(event['sender'])['sender_id']),
      words: wordsOf(message['content'])
    }
  }
  if (eventType === CARD_ACTION) {
    const context = objectOf(event['context'])
    return {
      messageId: textOf(context['open_message_id']),
      chatId: textOf(context['open_chat_id']),
      senderId: openIdOf(event['operator']),
      pressed: textOf(objectOf(objectOf(event['action'])['value'])['action'])
    }
  }
  return { messageId: textOf(event['message_id']), chatId: textOf(event['chat_id']) }
}

/** The Verification Token is a secret of the app: it is checked at the door and never stored. */
const withoutToken = (raw: JsonObject): JsonObject => {
  const { token: _token, ...rest } = raw
  if (!isObject(rest['header'])) return rest
  const { token: _headerToken, ...header } = rest['header']
  return { ...rest, header }
}

/**
 * Messages are known by their message id, because Lark may repeat one under another event id (lark-platform 0.2); a
 * recall or a click names a message too, but is an event of its own. An event without a chat and a recall have a lane of their
 * own and thus never wait for another.
 */
export const describeEvent = (envelope: LarkEnvelope): EventDescription => {
  const ids = idsOf(envelope)
  const isMessage = envelope.eventType === MESSAGE_RECEIVED && ids.messageId !== undefined
  const dedupKey = isMessage ? `message:${ids.messageId}` : `event:${envelope.eventId}`
  return {
    eventType: envelope.eventType,
    dedupKey,
    lane: ids.chatId !== undefined && envelope.eventType !== MESSAGE_RECALLED ? ids.chatId : `-${dedupKey}`,
    payload: JSON.stringify(withoutToken(envelope.raw)),
    ...ids
  }
}
