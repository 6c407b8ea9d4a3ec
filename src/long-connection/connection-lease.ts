import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { InstanceIdentity } from '../cluster'
import { inTime } from '../shared'
import { Scope } from './app-decision'
import { ConnectionRecord } from './connection-record'

/** On the database's clock: the processes' clocks may differ by more than this. */
export const LEASE_SECONDS = 30

/** One statement on a dead connection must not cost a lease: the next renewal is still in time. */
export const ROUND_STATEMENT_MS = 5_000

export interface WantedConnection extends Scope {
  appKey: string
}

/** What the owner lets others take: its share is too large, or it stops. */
export type Offer = 'balance' | 'stop'

/** The right to hold one app's connection; every write about the connection repeats its token. */
export interface Lease {
  appKey: string
  token: string
  /** What former owners left behind. */
  inherited: Pick<
    ConnectionRecord,
    'reconnectCount' | 'recentErrors' | 'lastConnectedAt' | 'lastEventAt' | 'acceptedSecret'
  >
}

interface LeaseRow {
  app_key: string
  lease_token: string
  reconnect_count: number | null
  recent_errors: ConnectionRecord['recentErrors'] | null
  last_connected_at: Date | null
  last_event_at: Date | null
  accepted_secret: string | null
}

/** One app's row, as far as it decides who does what. */
export interface ConnectionRow extends Scope {
  appKey: string
  owner: string | null
  /** Null when nobody holds it. */
  leaseToken: string | null
  isHeld: boolean
  state: string | null
  desiredState: string | null
  offered: Offer | null
  reconnectAt: Date | null
  acceptedSecret: string | null
}

const IS_OTHER_SCOPE = `(held.tenant_id IS DISTINCT FROM excluded.tenant_id
  OR held.organization_id IS DISTINCT FROM excluded.organization_id)`

/** What another tenant or organisation left behind is nobody else's business. */
const unlessOther = (column: string): string => `${column} = CASE WHEN NOT ${IS_OTHER_SCOPE} THEN held.${column} END`

const ACQUIRE = `
  INSERT INTO plugin_lark_connection AS held
    (id, app_key, tenant_id, organization_id, owner, lease_token, lease_expires_at, state, since)
  SELECT gen_random_uuid(), wanted.app_key, wanted.tenant_id, wanted.organization_id, $4, $5,
         now() + make_interval(secs => $6), 'connecting', now()
  FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (app_key, tenant_id, organization_id)
  ON CONFLICT (app_key) DO UPDATE SET tenant_id = excluded.tenant_id, organization_id = excluded.organization_id,
    owner = excluded.owner, lease_token = excluded.lease_token, lease_expires_at = excluded.lease_expires_at,
    state = excluded.state, since = excluded.since, offered = NULL, other_consumers = NULL,
    ${['desired_state', 'accepted_secret', 'conflicts', 'recent_errors', 'reconnect_count', 'reconnect_at'].map(unlessOther).join(', ')},
    ${['last_connected_at', 'last_frame_at', 'last_event_at'].map(unlessOther).join(', ')}
  WHERE (held.lease_expires_at IS NULL OR held.lease_expires_at < now() OR held.owner = excluded.owner
         OR held.offered IS NOT NULL)
    AND (held.desired_state IS DISTINCT FROM 'disconnected' OR ${IS_OTHER_SCOPE})
  RETURNING app_key, lease_token, reconnect_count, recent_errors, last_connected_at, last_event_at, accepted_secret`

const RENEW = `
  UPDATE plugin_lark_connection AS held
  SET lease_expires_at = now() + make_interval(secs => $2), state = known.state, since = known.since,
      last_connected_at = known.last_connected_at, last_frame_at = coalesce(known.last_frame_at, held.last_frame_at),
      last_event_at = known.last_event_at, reconnect_count = known.reconnect_count, recent_errors = known.recent_errors,
      accepted_secret = known.accepted_secret, conflicts = known.conflicts, other_consumers = known.other_consumers
  FROM jsonb_to_recordset($1::jsonb) AS known (app_key text, token uuid, state text, since timestamptz,
    last_connected_at timestamptz, last_frame_at timestamptz, last_event_at timestamptz, reconnect_count int,
    recent_errors jsonb, accepted_secret text, conflicts jsonb, other_consumers int)
  WHERE held.app_key = known.app_key AND held.lease_token = known.token
    AND held.desired_state IS DISTINCT FROM 'disconnected'
  RETURNING held.app_key`

/** Who owns a connection, and what its owner records of it, one statement a method. An admin's wishes are written by `ConnectionControl`. */
@Injectable()
export class ConnectionLeases {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: InstanceIdentity
  ) {}

  /** All rows by app key: a few bytes an app, read once a round. */
  async read(): Promise<Map<string, ConnectionRow>> {
    const rows = await this.query<ConnectionRow[]>(
      `SELECT app_key AS "appKey", tenant_id AS "tenantId", organization_id AS "organizationId", owner,
              lease_token AS "leaseToken", coalesce(lease_expires_at > now(), false) AS "isHeld", state, offered,
              desired_state AS "desiredState", reconnect_at AS "reconnectAt", accepted_secret AS "acceptedSecret"
       FROM plugin_lark_connection`
    )
    return new Map(rows.map((row) => [row.appKey, row]))
  }

  /** Takes those that are free, expired, offered, or left over from this very instance, and not switched off by an admin. */
  async acquire(wanted: readonly WantedConnection[]): Promise<Lease[]> {
    if (wanted.length === 0) return []
    // In one order for all instances, so that two of them never wait for each other.
    const sorted = [...wanted].sort((left, right) => (left.appKey < right.appKey ? -1 : 1))
    const rows = await this.query<LeaseRow[]>(ACQUIRE, [
      sorted.map(({ appKey }) => appKey),
      sorted.map(({ tenantId }) => tenantId),
      sorted.map(({ organizationId }) => organizationId),
      this.identity.id,
      randomUUID(),
      LEASE_SECONDS
    ])
    return rows.map(toLease)
  }

  /**
   * Extends the leases and stores what is known, in one statement. Returns the app keys of those that are still ours: the
   * others were taken over, or switched off by an admin. Without a limit: what ends late has extended them all the same.
   */
  async renew(held: readonly { lease: Lease; record: ConnectionRecord }[]): Promise<ReadonlySet<string>> {
    if (held.length === 0) return new Set()
    const sorted = [...held].sort((left, right) => (left.lease.appKey < right.lease.appKey ? -1 : 1))
    const [rows] = await this.dataSource.query<[{ app_key: string }[], number]>(RENEW, [
      JSON.stringify(sorted.map(toKnown)),
      LEASE_SECONDS
    ])
    return new Set(rows.map((row) => row.app_key))
  }

  /** Lets others take these, or no longer (null). */
  async offer(leases: readonly Lease[], offer: Offer | null): Promise<void> {
    if (leases.length === 0) return
    await this.query(
      `UPDATE plugin_lark_connection AS held SET offered = $3
       FROM unnest($1::text[], $2::uuid[]) AS mine (app_key, token)
       WHERE held.app_key = mine.app_key AND held.lease_token = mine.token`,
      [leases.map(({ appKey }) => appKey), leases.map(({ token }) => token), offer]
    )
  }

  /** Gives the lease up at once; nothing happens when it is another's by now. */
  async release(lease: Lease, now: Date): Promise<void> {
    await this.query(
      `UPDATE plugin_lark_connection SET owner = NULL, lease_token = NULL, lease_expires_at = NULL, offered = NULL,
              state = 'closed', since = $3
       WHERE app_key = $1 AND lease_token = $2`,
      [lease.appKey, lease.token, now]
    )
  }

  /** Removes what is kept of apps that no integration names any more, unless somebody holds them. */
  async forget(appKeys: readonly string[]): Promise<void> {
    if (appKeys.length === 0) return
    await this.query(
      `DELETE FROM plugin_lark_connection
       WHERE app_key = ANY ($1) AND (lease_expires_at IS NULL OR lease_expires_at < now())`,
      [appKeys]
    )
  }

  /**
   * What ends later repeats its token and changes nothing that is another's. A late `acquire` may take the row from the lease that this
   * instance has acquired since: that one is then found lost, and acquired anew.
   */
  private query<T = unknown>(sql: string, values: unknown[] = []): Promise<T> {
    return inTime(ROUND_STATEMENT_MS, 'a statement over connections', this.dataSource.query<T>(sql, values))
  }
}

const toKnown = ({ lease, record }: { lease: Lease; record: ConnectionRecord }) => ({
  app_key: lease.appKey,
  token: lease.token,
  state: record.state,
  since: record.since,
  last_connected_at: record.lastConnectedAt,
  last_frame_at: record.lastFrameAt,
  last_event_at: record.lastEventAt,
  reconnect_count: record.reconnectCount,
  recent_errors: record.recentErrors,
  accepted_secret: record.acceptedSecret,
  conflicts: record.conflicts,
  other_consumers: record.otherConsumers
})

const toLease = (row: LeaseRow): Lease => ({
  appKey: row.app_key,
  token: row.lease_token,
  inherited: {
    reconnectCount: row.reconnect_count ?? 0,
    recentErrors: row.recent_errors ?? [],
    lastConnectedAt: row.last_connected_at,
    lastEventAt: row.last_event_at,
    acceptedSecret: row.accepted_secret
  }
})
