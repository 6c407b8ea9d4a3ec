import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { InstanceIdentity } from '../cluster'
import { LeaseLostError } from '../shared'
import { ConnectionRecord } from './connection-record'

/** On the database's clock: the processes' clocks may differ by more than this. */
export const LEASE_SECONDS = 30

export interface WantedConnection {
  appKey: string
  tenantId: string
  organizationId: string | null
}

/** The right to hold one app's connection; every write about the connection repeats its token. */
export interface Lease {
  appKey: string
  token: string
  /** What former owners left behind. */
  inherited: Pick<ConnectionRecord, 'reconnectCount' | 'recentErrors' | 'lastConnectedAt' | 'lastEventAt'>
}

interface LeaseRow {
  app_key: string
  lease_token: string
  reconnect_count: number | null
  recent_errors: ConnectionRecord['recentErrors'] | null
  last_connected_at: Date | null
  last_event_at: Date | null
}

/** Every statement over `plugin_lark_connection` that decides who owns a connection, one method each. */
@Injectable()
export class ConnectionLeases {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: InstanceIdentity
  ) {}

  /** Takes those that are free, expired, or left over from this very instance, and not switched off by an admin. */
  async acquire(wanted: readonly WantedConnection[]): Promise<Lease[]> {
    if (wanted.length === 0) return []
    // In one order for all instances, so that two of them never wait for each other.
    const sorted = [...wanted].sort((left, right) => (left.appKey < right.appKey ? -1 : 1))
    const rows = await this.dataSource.query<LeaseRow[]>(
      `INSERT INTO plugin_lark_connection AS held
         (id, app_key, tenant_id, organization_id, owner, lease_token, lease_expires_at, state, since)
       SELECT gen_random_uuid(), wanted.app_key, wanted.tenant_id, wanted.organization_id, $4, $5,
              now() + make_interval(secs => $6), 'connecting', now()
       FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (app_key, tenant_id, organization_id)
       ON CONFLICT (app_key) DO UPDATE SET tenant_id = excluded.tenant_id, organization_id = excluded.organization_id,
         owner = excluded.owner, lease_token = excluded.lease_token, lease_expires_at = excluded.lease_expires_at,
         state = excluded.state, since = excluded.since
       WHERE (held.lease_expires_at IS NULL OR held.lease_expires_at < now() OR held.owner = excluded.owner)
         AND held.desired_state IS DISTINCT FROM 'disconnected'
       RETURNING app_key, lease_token, reconnect_count, recent_errors, last_connected_at, last_event_at`,
      [
        sorted.map(({ appKey }) => appKey),
        sorted.map(({ tenantId }) => tenantId),
        sorted.map(({ organizationId }) => organizationId),
        this.identity.id,
        randomUUID(),
        LEASE_SECONDS
      ]
    )
    return rows.map(toLease)
  }

  /** Extends the lease and stores what is known. Throws `LeaseLostError` when it is another's, or was switched off. */
  async renew(lease: Lease, record: ConnectionRecord): Promise<void> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `UPDATE plugin_lark_connection SET lease_expires_at = now() + make_interval(secs => $3), state = $4, since = $5,
              last_connected_at = $6, last_frame_at = coalesce($7, last_frame_at), last_event_at = $8,
              reconnect_count = $9, recent_errors = $10
       WHERE app_key = $1 AND lease_token = $2 AND desired_state IS DISTINCT FROM 'disconnected'`,
      [
        lease.appKey,
        lease.token,
        LEASE_SECONDS,
        record.state,
        record.since,
        record.lastConnectedAt,
        record.lastFrameAt,
        record.lastEventAt,
        record.reconnectCount,
        JSON.stringify(record.recentErrors)
      ]
    )
    if (result[1] === 0) throw new LeaseLostError('long connection', { app: lease.appKey })
  }

  /** Gives the lease up at once; nothing happens when it is another's by now. */
  async release(lease: Lease, now: Date): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_connection SET owner = NULL, lease_token = NULL, lease_expires_at = NULL, state = 'closed', since = $3
       WHERE app_key = $1 AND lease_token = $2`,
      [lease.appKey, lease.token, now]
    )
  }
}

const toLease = (row: LeaseRow): Lease => ({
  appKey: row.app_key,
  token: row.lease_token,
  inherited: {
    reconnectCount: row.reconnect_count ?? 0,
    recentErrors: row.recent_errors ?? [],
    lastConnectedAt: row.last_connected_at,
    lastEventAt: row.last_event_at
  }
})
