import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** One conversation scope (a chat, a thread) with one Digital Expert. A closed one stays as history. */
@Entity('plugin_lark_session')
@Index('plugin_lark_session_open', ['integrationId', 'scopeKey', 'xpertId'], {
  unique: true,
  where: 'closed_at IS NULL'
})
@Index('plugin_lark_session_former', ['integrationId', 'scopeKey'], { where: 'closed_at IS NOT NULL' })
@Index('plugin_lark_session_closed', ['closedAt'], { where: 'closed_at IS NOT NULL' })
@Index('plugin_lark_session_list', ['integrationId', 'lastActivityAt'])
export class LarkSession {
  @PrimaryColumn('uuid')
  id!: string

  @Column({ name: 'integration_id', type: 'varchar' })
  integrationId!: string

  @Column({ name: 'tenant_id', type: 'varchar' })
  tenantId!: string

  @Column({ name: 'organization_id', type: 'varchar', nullable: true })
  organizationId!: string | null

  @Column({ name: 'scope_key', type: 'varchar' })
  scopeKey!: string

  @Column({ name: 'xpert_id', type: 'varchar' })
  xpertId!: string

  @Column({ name: 'chat_type', type: 'varchar' })
  chatType!: string

  @Column({ name: 'chat_id', type: 'varchar' })
  chatId!: string

  @Column({ name: 'thread_id', type: 'varchar', nullable: true })
  threadId!: string | null

  @Column({ name: 'sender_id', type: 'varchar', nullable: true })
  senderId!: string | null

  /** Learnt from the first run's `on_conversation_start`; given up when the host does not have it any more. */
  @Column({ name: 'conversation_id', type: 'varchar', nullable: true })
  conversationId!: string | null

  /** When one was given up, on the database's clock: what was told before that nobody remembers. Null where none was. */
  @Column({ name: 'forsaken_at', type: 'timestamptz', nullable: true })
  forsakenAt!: Date | null

  /** Runs in a row that the host refused before they began, where it could not be said that the conversation is gone. */
  @Column({ name: 'refused_runs', type: 'int', default: 0 })
  refusedRuns!: number

  /** Only for earlier versions, which may run side by side with this one: they count the turns of bots here, `LarkBotTalk` has them. */
  @Column({ name: 'bot_turns', type: 'int', default: 0 })
  botTurns!: number

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date

  @Column({ name: 'last_activity_at', type: 'timestamptz' })
  lastActivityAt!: Date

  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true })
  closedAt!: Date | null

  /** When somebody began anew: nothing that was said until then is told to a later session. Null where it only was idle for too long. */
  @Column({ name: 'left_at', type: 'timestamptz', nullable: true })
  leftAt!: Date | null
}
