import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

export interface RecentError {
  at: string
  code: string
  message: string
}

/**
 * Why an integration does not simply share its app's connection:
 * - `other_organization` another tenant or organisation holds the app
 * - `secret_refused`     Lark does not accept the integration's own secret
 * - `secret_unchecked`   Lark could not be asked yet whether it does
 * - `two_bindings`       it shares the connection, but several integrations of the app have a published expert
 */
export type ConflictCode = 'other_organization' | 'secret_refused' | 'secret_unchecked' | 'two_bindings'

export interface ConnectionConflict {
  integrationId: string
  code: ConflictCode
}

/** One app's long connection: which instance holds it, and what is known about it. The lease is on the database's clock. */
@Entity('plugin_lark_connection')
@Index('plugin_lark_connection_app', ['appKey'], { unique: true })
export class LarkConnection {
  @PrimaryColumn('uuid')
  id!: string

  /** Region and app id. */
  @Column({ name: 'app_key', type: 'varchar' })
  appKey!: string

  @Column({ name: 'tenant_id', type: 'varchar', nullable: true })
  tenantId!: string | null

  @Column({ name: 'organization_id', type: 'varchar', nullable: true })
  organizationId!: string | null

  /** The instance that holds the lease. */
  @Column({ type: 'uuid', nullable: true })
  owner!: string | null

  @Column({ name: 'lease_token', type: 'uuid', nullable: true })
  leaseToken!: string | null

  @Column({ name: 'lease_expires_at', type: 'timestamptz', nullable: true })
  leaseExpiresAt!: Date | null

  @Column({ type: 'varchar', nullable: true })
  state!: string | null

  /** What an admin asked for: `connected` (also when null) or `disconnected`. */
  @Column({ name: 'desired_state', type: 'varchar', nullable: true })
  desiredState!: string | null

  @Column({ type: 'timestamptz', nullable: true })
  since!: Date | null

  @Column({ name: 'last_connected_at', type: 'timestamptz', nullable: true })
  lastConnectedAt!: Date | null

  @Column({ name: 'last_frame_at', type: 'timestamptz', nullable: true })
  lastFrameAt!: Date | null

  @Column({ name: 'last_event_at', type: 'timestamptz', nullable: true })
  lastEventAt!: Date | null

  @Column({ name: 'reconnect_count', type: 'int', nullable: true })
  reconnectCount!: number | null

  @Column({ name: 'recent_errors', type: 'jsonb', nullable: true })
  recentErrors!: RecentError[] | null

  /** The owner lets another instance take it, and goes on until that one is connected: `balance` or `stop`. */
  @Column({ type: 'varchar', nullable: true })
  offered!: string | null

  /** When an admin last asked for a new socket. */
  @Column({ name: 'reconnect_at', type: 'timestamptz', nullable: true })
  reconnectAt!: Date | null

  /** Digest of the secret that Lark last took from this tenant and organisation: what holds the app against others. */
  @Column({ name: 'accepted_secret', type: 'varchar', nullable: true })
  acceptedSecret!: string | null

  @Column({ type: 'jsonb', nullable: true })
  conflicts!: ConnectionConflict[] | null

  /** Connections of the app that Lark counted beyond this host's one; null when it was not asked. */
  @Column({ name: 'other_consumers', type: 'int', nullable: true })
  otherConsumers!: number | null
}
