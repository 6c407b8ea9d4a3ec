import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { ConnectionState } from './connection-record'
import { RecentError } from './connection.entity'

export interface ConnectionStatus {
  appKey: string
  state: ConnectionState
  /** Since when the state is what it is. */
  since: Date | null
  desiredState: 'connected' | 'disconnected'
  /** The instance that holds the connection; null when none does. */
  owner: string | null
  lastConnectedAt: Date | null
  lastFrameAt: Date | null
  lastEventAt: Date | null
  reconnectCount: number
  /** The last ten, newest first. */
  recentErrors: RecentError[]
}

/** Reads what the owner wrote; reading never starts anything. */
@Injectable()
export class ConnectionStatuses {
  constructor(private readonly dataSource: DataSource) {}

  /** Null when no instance ever held a connection of this app. */
  async find(appKey: string): Promise<ConnectionStatus | null> {
    const rows = await this.dataSource.query<ConnectionStatus[]>(
      `SELECT app_key AS "appKey", since, last_connected_at AS "lastConnectedAt", last_frame_at AS "lastFrameAt",
              last_event_at AS "lastEventAt", coalesce(reconnect_count, 0) AS "reconnectCount",
              coalesce(recent_errors, '[]'::jsonb) AS "recentErrors", coalesce(desired_state, 'connected') AS "desiredState",
              CASE WHEN lease_expires_at > now() THEN owner END AS owner,
              CASE WHEN lease_expires_at > now() THEN coalesce(state, 'connecting') ELSE 'closed' END AS state
       FROM plugin_lark_connection WHERE app_key = $1`,
      [appKey]
    )
    return rows[0] ?? null
  }
}
