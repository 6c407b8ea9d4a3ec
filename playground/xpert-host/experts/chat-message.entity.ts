import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** A part of an AI message's content or of its reasoning, as the host stores it. */
export type ContentPart = Record<string, unknown> & { type: string; id?: string }

export type MessageStatus = 'thinking' | 'success' | 'error' | 'aborted'

@Entity('chat_message')
@Index(['conversationId', 'createdAt'])
@Index(['executionId'])
export class ChatMessage {
  @PrimaryColumn('uuid')
  id!: string

  @Column({ type: 'uuid' })
  tenantId!: string

  @Column({ type: 'uuid', nullable: true })
  organizationId!: string | null

  @Column({ type: 'uuid', nullable: true })
  createdById!: string | null

  @Column({ type: 'uuid' })
  conversationId!: string

  @Column({ type: 'uuid', nullable: true })
  parentId!: string | null

  @Column({ type: 'varchar' })
  role!: 'human' | 'ai'

  @Column({ type: 'jsonb' })
  content!: string | ContentPart[]

  @Column({ type: 'jsonb', nullable: true })
  reasoning!: ContentPart[] | null

  @Column({ type: 'varchar', nullable: true })
  status!: MessageStatus | null

  @Column({ type: 'text', nullable: true })
  error!: string | null

  @Column({ type: 'varchar', nullable: true })
  executionId!: string | null

  @Column({ type: 'varchar', nullable: true })
  clientMessageId!: string | null

  @Column({ type: 'varchar', nullable: true })
  followUpMode!: 'queue' | 'steer' | null

  @Column({ type: 'varchar', nullable: true })
  followUpStatus!: 'pending' | 'consumed' | null

  @Column({ type: 'varchar', nullable: true })
  targetExecutionId!: string | null

  @Column({ type: 'timestamptz', nullable: true })
  visibleAt!: Date | null

  @Column({ type: 'timestamptz' })
  createdAt!: Date

  @Column({ type: 'timestamptz' })
  updatedAt!: Date
}
