import { ExponentialBackoff, handleWhen, retry } from 'cockatiel'
import { LarkApi, LarkApiError, LarkReaction, OutgoingMessage, SentMessage } from '../lark'
import { deterministicUuid, PluginError } from '../shared'

/** Lark knows a uuid for an hour (lark-platform §5.2); later the same call might be a second answer. */
export const UUID_MS = 55 * 60_000

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
  inThread: boolean
}

const REPEATABLE: ReadonlySet<LarkReaction> = new Set(['retry', 'unknown_outcome', 'slow_down', 'drop_frame', 'token'])

export const isRepeatable = (error: unknown): boolean => error instanceof LarkApiError && REPEATABLE.has(error.code)

/** The same call with the same `uuid` until Lark's answer is definite, or about half a minute has passed. */
const untilDefinite = retry(handleWhen(isRepeatable), {
  maxAttempts: 6,
  backoff: new ExponentialBackoff({ initialDelay: 500, maxDelay: 10_000 })
})

export const repeatUntilDefinite = <T>(call: () => Promise<T>): Promise<T> => untilDefinite.execute(call)

export type Content = Pick<OutgoingMessage, 'msgType' | 'content'>

/**
 * Replies to the person's message; where that is gone, sends to the chat instead. `purpose` makes the `uuid`: the same
 * purpose of the same turn is one message, however often and wherever it is repeated.
 */
export const replyOnce = async (
  api: LarkApi,
  target: ReplyTarget,
  purpose: string,
  message: Content
): Promise<SentMessage> => {
  const uuid = deterministicUuid('reply', target.turnId, purpose)
  try {
    return await api.replyMessage({
      ...message,
      uuid,
      messageId: target.anchorMessageId,
      chatId: target.chatId,
      replyInThread: target.inThread
    })
  } catch (error) {
    if (!(error instanceof LarkApiError) || (error.code !== 'target_gone' && error.code !== 'topic_gone')) throw error
    const chatUuid = deterministicUuid('chat', target.turnId, purpose)
    return api.sendMessage({ ...message, uuid: chatUuid, receiveIdType: 'chat_id', receiveId: target.chatId })
  }
}
