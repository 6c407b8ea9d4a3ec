import { PluginError } from '../shared'

/**
 * What the caller does next, not what went wrong:
 * - `retry`            transient and certainly not done: the same call again, with backoff
 * - `unknown_outcome`  no or half an answer, the work may be done: the same call with the same `uuid` until the answer is definite
 * - `slow_down`        the app's rate limit: wait `retryAfterMs`, then again
 * - `drop_frame`       this chat's or message's own limit: skip a streaming frame, back off with a final one
 * - `step_down`        Lark refuses this form of the content: a simpler form (entity, card, post, text)
 * - `too_long`         split or shrink
 * - `content_refused`  audit or sensitive content: no form of it will pass
 * - `stream_closed`    the card entity no longer streams: turn streaming on again or replace the card
 * - `sequence`         the card entity has seen a higher sequence: go on above it
 * - `target_gone`      the message, card or chat no longer exists: stop
 * - `topic_gone`       the topic no longer exists: answer in the chat
 * - `no_topics`        no reply in a thread is possible here: the same reply without one
 * - `forbidden`        scope, membership, availability or a disabled app: an admin must act, do not retry
 * - `quota`            the tenant's monthly quota is used up: do not retry
 * - `credentials`      app id, secret or region are wrong
 * - `token`            the access token was refused even after a fresh one
 * - `invalid_request`  our request is wrong: a bug
 */
export type LarkReaction =
  | 'retry'
  | 'unknown_outcome'
  | 'slow_down'
  | 'drop_frame'
  | 'step_down'
  | 'too_long'
  | 'content_refused'
  | 'stream_closed'
  | 'sequence'
  | 'target_gone'
  | 'topic_gone'
  | 'no_topics'
  | 'forbidden'
  | 'quota'
  | 'credentials'
  | 'token'
  | 'invalid_request'

export interface LarkFailure {
  /** Name of the call as in the SDK: `im.message.reply`. */
  api: string
  /** Lark's own number; 0 when there was no answer with one. */
  larkCode: number
  httpStatus?: number
  /** Lark's `msg`, for an admin; never a text of a person. */
  larkMessage?: string
  /** `X-Tt-Logid` or `error.log_id`: what Lark's support asks for. */
  logId?: string
  retryAfterMs?: number
  cause?: unknown
}

/** A call to Lark that did not answer "ok". Callers switch on `code`. */
export class LarkApiError extends PluginError<LarkReaction> {
  readonly api: string
  readonly larkCode: number
  readonly httpStatus: number | undefined
  readonly larkMessage: string | undefined
  readonly logId: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: LarkReaction, failure: LarkFailure) {
    const { api, larkCode, httpStatus, larkMessage, logId, retryAfterMs, cause } = failure
    super(code, `Lark ${api} failed with ${larkCode === 0 ? 'no answer' : larkCode}`, {
      cause,
      details: { api, larkCode, httpStatus, logId }
    })
    this.api = api
    this.larkCode = larkCode
    this.httpStatus = httpStatus
    this.larkMessage = larkMessage
    this.logId = logId
    this.retryAfterMs = retryAfterMs
  }
}

/** What is kept of a failure: Lark's own number, 0 where it gave none, and the status of HTTP. */
export interface LarkFault {
  reaction: LarkReaction
  api: string
  larkCode: number
  httpStatus?: number
}

export const faultOf = ({ code, api, larkCode, httpStatus }: LarkApiError): LarkFault => ({
  reaction: code,
  api,
  larkCode,
  ...(httpStatus === undefined ? {} : { httpStatus })
})
