import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** One Lark user, seen by or read for one integration: `open_id` is per app. */
@Entity('plugin_lark_user')
@Index('plugin_lark_user_list', ['integrationId', 'lastSeenAt'])
@Index('plugin_lark_user_union', ['unionId'], { where: 'union_id IS NOT NULL' })
export class LarkUser {
  @PrimaryColumn({ name: 'integration_id', type: 'varchar' })
  integrationId!: string

  @PrimaryColumn({ name: 'open_id', type: 'varchar' })
  openId!: string

  @Column({ name: 'tenant_id', type: 'varchar' })
  tenantId!: string

  @Column({ name: 'organization_id', type: 'varchar', nullable: true })
  organizationId!: string | null

  @Column({ name: 'union_id', type: 'varchar', nullable: true })
  unionId!: string | null

  @Column({ type: 'varchar', nullable: true })
  name!: string | null

  /** How this user became known: `message`, `mention` or `directory`. */
  @Column({ type: 'varchar' })
  source!: string

  @Column({ name: 'platform_user_id', type: 'varchar', nullable: true })
  platformUserId!: string | null

  /** Of the platform account; null where there is none, or none that we speak. */
  @Column({ type: 'varchar', nullable: true })
  language!: string | null

  /** When the read of the directory began that found this user last; null of whom none has found. */
  @Column({ name: 'listed_at', type: 'timestamptz', nullable: true })
  listedAt!: Date | null

  /** The epoch for whom only a list has named. */
  @Column({ name: 'last_seen_at', type: 'timestamptz' })
  lastSeenAt!: Date
}
