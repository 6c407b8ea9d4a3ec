import { messageOf } from '../shared'
import { LarkApiError, LarkReaction } from './lark-api-error'
import { reactionTo } from './lark-error-codes'
import { LarkCallFailure } from './lark-http'

type Facts = LarkCallFailure['facts']

/** The request never left: nothing can have been done. Any other network fault may have come after it. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED'
])

const reactionToStatus = (status: number): LarkReaction => {
  if (status === 429) return 'slow_down'
  if (status === 413) return 'too_long'
  if (status === 401) return 'token'
  if (status === 403) return 'forbidden'
  if (status < 300 || status === 408 || status >= 500) return 'unknown_outcome'
  return 'invalid_request'
}

/**
 * Lark answered with a number that is not in the table, and so it refused. What it refuses about a card entity by numbers
 * that no page lists (lark-platform §5.6) is shown in a plainer form; elsewhere our request is wrong.
 */
const reactionToUnknown = (api: string): LarkReaction => (api.startsWith('cardkit.') ? 'step_down' : 'invalid_request')

const reactionOf = (facts: Facts, api: string): LarkReaction => {
  const { larkCode, httpStatus, networkCode } = facts
  const known = larkCode ? reactionTo(larkCode, api) : undefined
  if (known) return known
  if (httpStatus === undefined) return networkCode && NEVER_SENT.has(networkCode) ? 'retry' : 'unknown_outcome'
  if (larkCode && (httpStatus < 300 || httpStatus === 400)) return reactionToUnknown(api)
  return reactionToStatus(httpStatus)
}

/** Everything that a call can throw, as the one error that callers switch on. */
export const toLarkApiError = (error: unknown, api: string): LarkApiError => {
  if (error instanceof LarkApiError) return error
  if (!(error instanceof LarkCallFailure)) {
    // Thrown by the SDK before it sent anything, such as a missing path parameter.
    return new LarkApiError('invalid_request', { api, larkCode: 0, larkMessage: messageOf(error) })
  }
  const { facts } = error
  const reaction = reactionOf(facts, api)
  return new LarkApiError(facts.isTokenCall && reaction === 'unknown_outcome' ? 'retry' : reaction, {
    api,
    larkCode: facts.larkCode ?? 0,
    httpStatus: facts.httpStatus,
    larkMessage: facts.larkMessage ?? error.message,
    logId: facts.logId,
    retryAfterMs: facts.retryAfterMs,
    cause: error
  })
}
