import { Column, Entity, PrimaryColumn } from 'typeorm'

/** One singleton job: whoever holds the lease runs it, the cursor lets the next one go on where it stopped. */
@Entity('plugin_lark_job')
export class LarkJob {
  @PrimaryColumn('varchar')
  name!: string

  @Column({ name: 'lease_token', type: 'uuid', nullable: true })
  leaseToken!: string | null

  @Column({ name: 'lease_expires_at', type: 'timestamptz', nullable: true })
  leaseExpiresAt!: Date | null

  @Column({ type: 'jsonb', nullable: true })
  cursor!: Record<string, unknown> | null

  @Column({ type: 'jsonb', nullable: true })
  progress!: Record<string, unknown> | null

  @Column({ name: 'last_run_at', type: 'timestamptz', nullable: true })
  lastRunAt!: Date | null
}
