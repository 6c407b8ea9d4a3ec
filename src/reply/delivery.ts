import { ConstantBackoff, ExponentialBackoff, handleWhen, retry } from 'cockatiel'
import { LarkApi, LarkApiError, LarkReaction, OutgoingMessage, SentMessage } from '../lark'
import { deterministicUuid, PluginError } from '../shared'
import { HeldReply } from './held-reply'
import { RestingPhase } from './reply-phase'

/** Lark knows a uuid for an hour (lark-platform §5.2); later the same call might be a second answer. */
export const UUID_MS = 55 * 60_000

/** What became of the last state; anything else than `delivered` is the reason that an admin reads. */
export type Delivery = 'delivered' | 'delivery_failed' | 'delivery_unknown' | 'content_refused' | 'quota_exhausted'

/** Whether a message was delivered can no longer be found out without the risk of a second one. */
export class DeliveryUnknownError extends PluginError<'delivery_unknown'> {
  constructor(turnId: string) {
    super('delivery_unknown', 'It stays unknown whether an answer was delivered', { details: { turn: turnId } })
  }
}

/** Where an answer belongs: it quotes the person's message and stays in its thread. */
export interface ReplyTarget {
  turnId: string
  integrationId: string
  chatId: string
  anchorMessageId: string
  /** Of the run that it answers with, where there is one. */
  executionId?: string
  inThread: boolean
  /** The first message of its thread, where it is another one. */
  rootMessageId?: string
}

/** What a log line about an answer says, so that it is found from the row of its message. */
export const idsOf = ({ turnId, integrationId, anchorMessageId, executionId }: ReplyTarget) => ({
  integration: integrationId,
  message: anchorMessageId,
  turn: turnId,
  execution: executionId
})

const REPEATABLE: ReadonlySet<LarkReaction> = new Set(['retry', 'unknown_outcome', 'slow_down', 'drop_frame', 'token'])

export const isRepeatable = (error: unknown): boolean => error instanceof LarkApiError && REPEATABLE.has(error.code)

/** Lark has definitely said no. */
export const isRefused = (error: unknown): error is LarkApiError =>
  error instanceof LarkApiError && !REPEATABLE.has(error.code)

export const refusalOf = (reaction: LarkReaction): Delivery =>
  reaction === 'content_refused' ? reaction : reaction === 'quota' ? 'quota_exhausted' : 'delivery_failed'

/** What became of an answer that rests already: a process may have died, or the database failed, before its turn's end. */
export const deliveryOf = ({ phase, text, fault }: HeldReply, wanted: RestingPhase): Delivery => {
  const isUndelivered = phase === 'failed' && text !== null
  if (!isUndelivered) return phase === wanted ? 'delivered' : 'delivery_failed'
  return fault && !REPEATABLE.has(fault.reaction) ? refusalOf(fault.reaction) : 'delivery_unknown'
}

/** The same call with the same `uuid` until Lark's answer is definite, or about half a minute has passed. */
const untilDefinite = retry(handleWhen(isRepeatable), {
  maxAttempts: 6,
  backoff: new ExponentialBackoff({ initialDelay: 500, maxDelay: 10_000 })
})

export const repeatUntilDefinite = <T>(call: () => Promise<T>): Promise<T> => untilDefinite.execute(call)

/** A card entity may be sent before it is known where messages are made. The sub code 11310 has other meanings too. */
const isNotKnownYet = (error: unknown): boolean =>
  error instanceof LarkApiError && error.larkCode === 230099 && /cardid is invalid/i.test(error.larkMessage ?? '')

const KNOWN_MS = 500

const onceMore = retry(handleWhen(isNotKnownYet), { maxAttempts: 1, backoff: new ConstantBackoff(KNOWN_MS) })

/** The same call once more where Lark does not know the card entity that it has just given out (lark-platform §5.6). */
export const sendEntity = <T>(call: () => Promise<T>): Promise<T> => onceMore.execute(call)

export type Content = Pick<OutgoingMessage, 'msgType' | 'content'>

type Reply = Parameters<LarkApi['replyMessage']>[0]

/** Where no reply in a thread is possible, the same one without. */
const replyAnyhow = async (api: LarkApi, reply: Reply): Promise<SentMessage> => {
  try {
    return await api.replyMessage(reply)
  } catch (error) {
    if (!(error instanceof LarkApiError) || error.code !== 'no_topics') throw error
    return api.replyMessage({ ...reply, replyInThread: false })
  }
}

/** Null where the message replied to is gone. */
const replyUnlessGone = async (api: LarkApi, reply: Reply): Promise<SentMessage | null> => {
  try {
    return await replyAnyhow(api, reply)
  } catch (error) {
    if (error instanceof LarkApiError && (error.code === 'target_gone' || error.code === 'topic_gone')) return null
    throw error
  }
}

/**
 * Replies to the person's message; where that is gone, to the first one of its thread, and last of all sends to the chat.
 * `purpose` makes the `uuid`: the same purpose of the same turn is one message, however often and wherever it is repeated.
 */
export const replyOnce = async (
  api: LarkApi,
  target: ReplyTarget,
  purpose: string,
  message: Content
): Promise<SentMessage> => {
  const { turnId, chatId, anchorMessageId, rootMessageId, inThread } = target
  const uuidOf = (place: string): string => deterministicUuid(place, turnId, purpose)
  const to = (messageId: string, place: string): Reply => ({
    ...message,
    uuid: uuidOf(place),
    messageId,
    chatId,
    replyInThread: inThread
  })
  return (
    (await replyUnlessGone(api, to(anchorMessageId, 'reply'))) ??
    (inThread && rootMessageId ? await replyUnlessGone(api, to(rootMessageId, 'root')) : null) ??
    api.sendMessage({ ...message, uuid: uuidOf('chat'), receiveIdType: 'chat_id', receiveId: chatId })
  )
}
