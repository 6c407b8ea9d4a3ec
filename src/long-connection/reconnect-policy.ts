import { ConnectionLoss } from '../lark'

const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/** An admin must act first; asking more often only fills logs and rate limits. */
const SLOW_MS = 5 * 60_000

/** A connection that lasted this long was a good one: the next loss starts from the shortest wait. */
export const GOOD_CONNECTION_MS = 30_000

/**
 * Why there is no connection, as an admin reads it. Lark's numbers are those of lark-platform 2.2; the token endpoint's
 * (5.6) stand for the case that Lark answers with them here too.
 */
export type LossReason =
  | 'credentials'
  | 'forbidden'
  | 'connectionLimit'
  | 'wrongRegion'
  | 'appId'
  | 'handshake'
  | 'closed'
  | 'unreachable'
  | 'other'

const REASONS: Record<string, LossReason> = {
  '514': 'credentials',
  '10003': 'credentials',
  '10014': 'credentials',
  '10015': 'credentials',
  '1000040346': 'credentials',
  '403': 'forbidden',
  '1000040350': 'connectionLimit',
  '1000040351': 'wrongRegion',
  app_id: 'appId',
  handshake: 'handshake',
  closed: 'closed',
  unreachable: 'unreachable'
}

const FOR_ADMIN: ReadonlySet<LossReason> = new Set([
  'credentials',
  'forbidden',
  'connectionLimit',
  'wrongRegion',
  'appId'
])

/** Of a stored error's code. */
export const reasonOf = (code: string): LossReason => REASONS[code] ?? 'other'

const reasonOfLoss = (loss: ConnectionLoss): LossReason =>
  reasonOf(loss.kind === 'endpoint' ? String(loss.code) : loss.kind)

export const needsAdmin = (loss: ConnectionLoss): boolean => FOR_ADMIN.has(reasonOfLoss(loss))

/** Lark does not take this secret for this app. */
export const isRefusal = (loss: ConnectionLoss): boolean => reasonOfLoss(loss) === 'credentials'

/** Milliseconds before the next attempt: doubled each time, then spread over half of it, never permanent. */
export const reconnectDelayMs = (loss: ConnectionLoss, failures: number, random: () => number): number => {
  if (needsAdmin(loss)) return SLOW_MS
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10))
  return Math.round(ceiling / 2 + (ceiling / 2) * random())
}
