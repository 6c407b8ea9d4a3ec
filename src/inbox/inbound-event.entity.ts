import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm'
import { InboxState } from './inbox-state'

/** One accepted event, from the insert before its acknowledgement to the outcome that an admin can read. */
@Entity('plugin_lark_inbound_event')
@Index('plugin_lark_inbound_event_dedup', ['inboxKey', 'dedupKey'], { unique: true })
@Index('plugin_lark_inbound_event_open', ['position'], { where: `state IN ('received', 'claimed')` })
@Index('plugin_lark_inbound_event_turn', ['turnId'], { where: 'turn_id IS NOT NULL' })
@Index('plugin_lark_inbound_event_list', ['integrationId', 'receivedAt'])
@Index('plugin_lark_inbound_event_unsettled', ['integrationId', 'state'], {
  where: `state IN ('received', 'claimed', 'attached', 'failed')`
})
@Index('plugin_lark_inbound_event_received', ['receivedAt'])
@Index('plugin_lark_inbound_event_payload', ['endedAt'], { where: 'payload IS NOT NULL AND ended_at IS NOT NULL' })
@Index('plugin_lark_inbound_event_message', ['messageId'], { where: 'message_id IS NOT NULL' })
@Index('plugin_lark_inbound_event_chat', ['integrationId', 'chatId', 'position'], { where: 'payload IS NOT NULL' })
export class LarkInboundEvent {
  @PrimaryColumn('uuid')
  id!: string

  /** The order of acceptance. */
  @Column({ type: 'bigint' })
  @Generated('increment')
  position!: string

  @Column({ name: 'inbox_key', type: 'varchar' })
  inboxKey!: string

  @Column({ name: 'dedup_key', type: 'varchar' })
  dedupKey!: string

  @Column({ type: 'varchar', default: 'received' })
  state!: InboxState

  @Column({ type: 'varchar', nullable: true })
  reason!: string | null

  @Column({ type: 'varchar' })
  lane!: string

  @Column({ name: 'claim_token', type: 'uuid', nullable: true })
  claimToken!: string | null

  @Column({ name: 'claim_expires_at', type: 'timestamptz', nullable: true })
  claimExpiresAt!: Date | null

  @Column({ type: 'int', default: 0 })
  attempts!: number

  /** Not before this instant of the database's clock: a retry's backoff. */
  @Column({ name: 'available_at', type: 'timestamptz', default: () => 'now()' })
  availableAt!: Date

  /** The decrypted envelope; null once scrubbed. */
  @Column({ type: 'text', nullable: true })
  payload!: string | null

  @Column({ name: 'event_type', type: 'varchar' })
  eventType!: string

  @Column({ name: 'received_at', type: 'timestamptz' })
  receivedAt!: Date

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null

  @Column({ name: 'tenant_id', type: 'varchar' })
  tenantId!: string

  @Column({ name: 'organization_id', type: 'varchar', nullable: true })
  organizationId!: string | null

  @Column({ name: 'integration_id', type: 'varchar' })
  integrationId!: string

  @Column({ name: 'message_id', type: 'varchar', nullable: true })
  messageId!: string | null

  @Column({ name: 'chat_id', type: 'varchar', nullable: true })
  chatId!: string | null

  @Column({ name: 'thread_id', type: 'varchar', nullable: true })
  threadId!: string | null

  @Column({ name: 'sender_id', type: 'varchar', nullable: true })
  senderId!: string | null

  @Column({ name: 'turn_id', type: 'uuid', nullable: true })
  turnId!: string | null
}
