import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import type { HistoryEntry } from './answer'

export type ConversationStatus = 'idle' | 'busy' | 'interrupted' | 'error'

@Entity('chat_conversation')
@Index(['xpertId'])
@Index(['threadId'])
export class ChatConversation {
  @PrimaryColumn('uuid')
  id!: string

  @Column({ type: 'uuid' })
  tenantId!: string

  @Column({ type: 'uuid', nullable: true })
  organizationId!: string | null

  @Column({ type: 'uuid', nullable: true })
  createdById!: string | null

  /** None where a newer host laid down a row anew for an id whose row was gone. */
  @Column({ type: 'uuid', nullable: true })
  xpertId!: string | null

  @Column({ type: 'uuid' })
  threadId!: string

  @Column({ type: 'text' })
  title!: string

  @Column({ type: 'varchar' })
  status!: ConversationStatus

  @Column({ type: 'text', nullable: true })
  error!: string | null

  @Column({ type: 'varchar', nullable: true })
  from!: string | null

  @Column({ type: 'varchar', nullable: true })
  fromEndUserId!: string | null

  @Column({ type: 'jsonb', nullable: true })
  options!: Record<string, unknown> | null

  @Column({ type: 'jsonb', nullable: true })
  sourceAudit!: Record<string, unknown> | null

  /**
   * What the model remembers: read when a run starts, written whole when it ends, so that of two runs at once one
   * exchange vanishes (host-observed 40).
   */
  @Column({ type: 'jsonb', default: () => `'[]'` })
  history!: HistoryEntry[]

  @Column({ type: 'timestamptz' })
  createdAt!: Date

  @Column({ type: 'timestamptz' })
  updatedAt!: Date
}
