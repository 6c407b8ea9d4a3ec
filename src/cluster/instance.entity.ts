import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** One living process. Status adds the counters of living ones up; the governor divides Lark's budget by their number. */
@Entity('plugin_lark_instance')
export class LarkInstance {
  @PrimaryColumn('uuid')
  id!: string

  @Column({ name: 'host_name', type: 'varchar', nullable: true })
  hostName!: string | null

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date

  @Index('plugin_lark_instance_heartbeat')
  @Column({ name: 'heartbeat_at', type: 'timestamptz' })
  heartbeatAt!: Date

  /** Part of the plugin -> key, such as an integration's id -> figures of that part's own shape. */
  @Column({ type: 'jsonb', default: () => `'{}'` })
  counters!: Record<string, Record<string, unknown>>
}
