import { ConnectionLoss } from '../lark'

const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/** An admin must act first; asking more often only fills logs and rate limits. */
const SLOW_MS = 5 * 60_000

/** A connection that lasted this long was a good one: the next loss starts from the shortest wait. */
export const GOOD_CONNECTION_MS = 30_000

/** Forbidden, credentials wrong, app id unknown, 50 connections in use, app of the other cloud (lark-platform 2.2). */
const NEEDS_ADMIN: ReadonlySet<number> = new Set([403, 514, 1000040346, 1000040350, 1000040351, 10003, 10014, 10015])

export const needsAdmin = (loss: ConnectionLoss): boolean =>
  loss.kind === 'app_id' || (loss.kind === 'endpoint' && NEEDS_ADMIN.has(loss.code))

/** Milliseconds before the next attempt: doubled each time, then spread over half of it, never permanent. */
export const reconnectDelayMs = (loss: ConnectionLoss, failures: number, random: () => number): number => {
  if (needsAdmin(loss)) return SLOW_MS
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10))
  return Math.round(ceiling / 2 + (ceiling / 2) * random())
}
