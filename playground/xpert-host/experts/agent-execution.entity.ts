import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import type { SensitiveOperation } from './answer'

export type ExecutionStatus = 'running' | 'success' | 'error' | 'interrupted'

@Entity('xpert_agent_execution')
@Index(['conversationId'])
export class AgentExecution {
  @PrimaryColumn({ type: 'varchar' })
  id!: string

  @Column({ type: 'uuid' })
  tenantId!: string

  @Column({ type: 'uuid', nullable: true })
  organizationId!: string | null

  @Column({ type: 'uuid', nullable: true })
  createdById!: string | null

  @Column({ type: 'uuid' })
  conversationId!: string

  @Column({ type: 'uuid' })
  xpertId!: string

  @Column({ type: 'uuid' })
  threadId!: string

  @Column({ type: 'varchar' })
  agentKey!: string

  @Column({ type: 'varchar' })
  status!: ExecutionStatus

  @Column({ type: 'text', nullable: true })
  error!: string | null

  @Column({ type: 'jsonb' })
  inputs!: Record<string, unknown>

  @Column({ type: 'jsonb', nullable: true })
  outputs!: Record<string, unknown> | null

  @Column({ type: 'jsonb' })
  metadata!: Record<string, unknown>

  @Column({ type: 'int', nullable: true })
  elapsedTime!: number | null

  @Column({ type: 'int', default: 0 })
  tokens!: number

  /** Set while the run waits for a decision; a later plain `send` clears it, a cancel does not. */
  @Column({ type: 'jsonb', nullable: true })
  operation!: SensitiveOperation | null

  /** Number of the turn within its conversation, from 1: which step of a scripted sequence a resume belongs to. */
  @Column({ type: 'int', default: 1 })
  turn!: number

  /** The user's text that the run answers. */
  @Column({ type: 'text', default: '' })
  input!: string

  @Column({ type: 'timestamptz' })
  createdAt!: Date

  @Column({ type: 'timestamptz' })
  updatedAt!: Date
}
