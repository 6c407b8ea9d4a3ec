import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** One chat, seen by or read for one integration. */
@Entity('plugin_lark_chat')
@Index('plugin_lark_chat_list', ['integrationId', 'lastSeenAt'])
export class LarkChat {
  @PrimaryColumn({ name: 'integration_id', type: 'varchar' })
  integrationId!: string

  @PrimaryColumn({ name: 'chat_id', type: 'varchar' })
  chatId!: string

  @Column({ name: 'tenant_id', type: 'varchar' })
  tenantId!: string

  @Column({ name: 'organization_id', type: 'varchar', nullable: true })
  organizationId!: string | null

  /** `p2p` or `group`. */
  @Column({ name: 'chat_type', type: 'varchar' })
  chatType!: string

  @Column({ type: 'varchar', nullable: true })
  name!: string | null

  @Column({ type: 'varchar' })
  source!: string

  @Column({ name: 'last_seen_at', type: 'timestamptz' })
  lastSeenAt!: Date
}
