import { ConnectionConflict, RecentError } from './connection.entity'

export const CONNECTION_STATES = ['connecting', 'connected', 'reconnecting', 'failed', 'closed'] as const
/** `failed` is tried again slowly: an admin has to mend something. `closed`: no instance holds it. */
export type ConnectionState = (typeof CONNECTION_STATES)[number]

/** What the owner knows about its connection. */
export interface ConnectionRecord {
  state: ConnectionState
  since: Date
  lastConnectedAt: Date | null
  lastFrameAt: Date | null
  lastEventAt: Date | null
  reconnectCount: number
  /** The last ten, newest first. */
  recentErrors: RecentError[]
  /** Digest of the secret that Lark last took; null since it refused one. */
  acceptedSecret: string | null
  conflicts: readonly ConnectionConflict[]
  otherConsumers: number | null
}

const MAX_ERRORS = 10

export const withState = (record: ConnectionRecord, state: ConnectionState, now: Date): ConnectionRecord =>
  record.state === state ? record : { ...record, state, since: now }

export const withError = (record: ConnectionRecord, error: RecentError): ConnectionRecord => ({
  ...record,
  recentErrors: [error, ...record.recentErrors].slice(0, MAX_ERRORS)
})
