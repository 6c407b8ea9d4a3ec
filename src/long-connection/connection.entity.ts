import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

export interface RecentError {
  at: string
  code: string
  message: string
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
}
