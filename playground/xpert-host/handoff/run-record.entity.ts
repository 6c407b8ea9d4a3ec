import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm'

export type RunStatus = 'running' | 'success' | 'interrupted' | 'canceled' | 'error' | 'lost'

/** One start of one dispatch: a dispatch that runs twice has two records with the same `runId`. */
@Entity('handoff_run')
@Index(['xpertId', 'startedAt'])
export class RunRecord {
  @PrimaryGeneratedColumn('uuid')
  recordId!: string

  @Column({ type: 'varchar' })
  runId!: string

  @Column({ type: 'varchar' })
  xpertId!: string

  @Column({ type: 'varchar' })
  action!: string

  @Column({ type: 'uuid', nullable: true })
  conversationId!: string | null

  @Column({ type: 'varchar', nullable: true })
  executionId!: string | null

  @Column({ type: 'text' })
  input!: string

  @Column({ type: 'jsonb', nullable: true })
  files!: unknown[] | null

  @Column({ type: 'timestamptz' })
  startedAt!: Date

  @Column({ type: 'timestamptz', nullable: true })
  endedAt!: Date | null

  @Column({ type: 'varchar' })
  status!: RunStatus

  @Column({ type: 'text', nullable: true })
  error!: string | null

  @Column({ type: 'varchar' })
  instance!: string

  @Column({ type: 'jsonb' })
  options!: Record<string, unknown>

  @Column({ type: 'jsonb' })
  headers!: Record<string, unknown>
}
