import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** One event of a running attempt, kept until its turn ends. A repeat has the same digest, an event of a re-run another. */
@Entity('plugin_lark_run_event')
@Index('plugin_lark_run_event_received', ['receivedAt'])
export class LarkRunEvent {
  @PrimaryColumn('uuid')
  attempt!: string

  @PrimaryColumn('int')
  sequence!: number

  @PrimaryColumn('varchar')
  digest!: string

  @Column({ name: 'execution_id', type: 'varchar', nullable: true })
  executionId!: string | null

  /** Epoch milliseconds at which the host queued it: which run it belongs to. */
  @Column({ name: 'enqueued_at', type: 'bigint' })
  enqueuedAt!: string

  /** JSON text: a delta may end in half a surrogate pair, which `jsonb` refuses and the next delta completes. */
  @Column({ type: 'text' })
  signal!: string

  @Column({ name: 'received_at', type: 'timestamptz', default: () => 'now()' })
  receivedAt!: Date
}
