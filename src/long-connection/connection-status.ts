import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { appKeyOf } from '../lark'
import { LarkIntegration } from '../settings'
import { isSameScope, Scope } from './app-decision'
import { ConnectionState } from './connection-record'
import { ConflictCode, ConnectionConflict, RecentError } from './connection.entity'

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
  /** Connections of the app that Lark counted beyond this host's one: somebody else takes events. Null: not counted. */
  otherConsumers: number | null
}

export interface IntegrationConnection extends ConnectionStatus {
  /** Why the integration does not simply share its app's connection. */
  conflict: ConflictCode | null
  /** Another integration of the app has a published expert too, and gets its events. */
  isEclipsed: boolean
}

/** Why an integration receives nothing over its app's connection, whatever state that is in. */
export const exclusionOf = ({ conflict, isEclipsed }: Claim): ConflictCode | null =>
  conflict === 'two_bindings' && !isEclipsed ? null : conflict

/** Why it is down now: an error before the last connect was over by then. */
export const causeOf = ({
  recentErrors: [last],
  lastConnectedAt
}: Pick<ConnectionStatus, 'recentErrors' | 'lastConnectedAt'>): RecentError | undefined => {
  const isOver = last && lastConnectedAt && new Date(last.at) < lastConnectedAt
  return isOver ? undefined : last
}

type Claim = Pick<IntegrationConnection, 'conflict' | 'isEclipsed'>

type StatusRow = ConnectionStatus & Scope & { conflicts: ConnectionConflict[] }

/** Reads what the owner wrote; reading never starts anything. */
@Injectable()
export class ConnectionStatuses {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * For whoever names an app without an integration of it. Null when no instance ever held a connection of this app, and for who
   * belongs to another tenant or organisation than the app: whoever enters an app id learns nothing of it.
   */
  async seenBy(
    appKey: string,
    caller: { tenantId: string | null; organizationId: string | null }
  ): Promise<IntegrationConnection | null> {
    const row = await this.read(appKey)
    if (!row || row.tenantId !== caller.tenantId) return null
    if (row.organizationId !== null && row.organizationId !== caller.organizationId) return null
    return { ...shared(row), conflict: null, isEclipsed: false }
  }

  /** As one integration may see it: of an app that another tenant or organisation holds, no more than that. */
  async of(
    integration: Pick<LarkIntegration, 'id' | 'settings' | 'organizationId'> & { tenantId: string | null }
  ): Promise<IntegrationConnection | null> {
    const row = await this.read(appKeyOf(integration.settings))
    if (!row) return null
    const claim = claimOf(row, integration.id)
    if (isSameScope(row, integration)) return { ...shared(row), ...claim }
    return { ...NOTHING, appKey: row.appKey, ...claim, conflict: claim.conflict ?? 'secret_unchecked' }
  }

  private async read(appKey: string): Promise<StatusRow | undefined> {
    const rows = await this.dataSource.query<StatusRow[]>(
      `SELECT app_key AS "appKey", since, last_connected_at AS "lastConnectedAt", last_frame_at AS "lastFrameAt",
              last_event_at AS "lastEventAt", coalesce(reconnect_count, 0) AS "reconnectCount",
              coalesce(recent_errors, '[]'::jsonb) AS "recentErrors", coalesce(desired_state, 'connected') AS "desiredState",
              other_consumers AS "otherConsumers", coalesce(conflicts, '[]'::jsonb) AS conflicts,
              tenant_id AS "tenantId", organization_id AS "organizationId",
              CASE WHEN lease_expires_at > now() THEN owner END AS owner,
              CASE WHEN lease_expires_at > now() THEN coalesce(state, 'connecting') ELSE 'closed' END AS state
       FROM plugin_lark_connection WHERE app_key = $1`,
      [appKey]
    )
    return rows[0]
  }
}

/** Of those with a published expert the first one named gets the events. */
const claimOf = ({ conflicts }: StatusRow, id: string): Claim => {
  const conflict = conflicts.find(({ integrationId }) => integrationId === id)?.code ?? null
  const target = conflicts.find(({ code }) => code === 'two_bindings')
  return { conflict, isEclipsed: conflict === 'two_bindings' && target?.integrationId !== id }
}

/** What all who share the connection may see. */
const shared = (row: StatusRow): ConnectionStatus => {
  const { tenantId: _tenant, organizationId: _organization, conflicts: _conflicts, ...status } = row
  return status
}

const NOTHING: Omit<ConnectionStatus, 'appKey'> = {
  state: 'closed',
  since: null,
  desiredState: 'connected',
  owner: null,
  lastConnectedAt: null,
  lastFrameAt: null,
  lastEventAt: null,
  reconnectCount: 0,
  recentErrors: [],
  otherConsumers: null
}
