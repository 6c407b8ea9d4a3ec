import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** One integration bound to the published Digital Expert that answers its messages. */
@Entity('plugin_lark_binding')
@Index('plugin_lark_binding_xpert', ['xpertId'])
export class LarkBinding {
  @PrimaryColumn({ name: 'integration_id', type: 'varchar' })
  integrationId!: string

  @Column({ name: 'xpert_id', type: 'varchar' })
  xpertId!: string

  @Column({ name: 'tenant_id', type: 'varchar' })
  tenantId!: string

  @Column({ name: 'organization_id', type: 'varchar', nullable: true })
  organizationId!: string | null

  /** The trigger's config as it was published, unknown keys included. */
  @Column({ type: 'jsonb' })
  config!: Record<string, unknown>

  @Column({ name: 'published_at', type: 'timestamptz' })
  publishedAt!: Date
}
