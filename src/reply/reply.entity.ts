import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { LarkFault } from '../lark'
import { ReplyParts } from './held-reply'
import { ReplyForm } from './reply-form'
import { ReplyPhase } from './reply-phase'

/** The ledger of one turn's visible answer: what any instance needs to go on with it. */
@Entity('plugin_lark_reply')
@Index('plugin_lark_reply_message', ['messageId'], { where: 'message_id IS NOT NULL' })
@Index('plugin_lark_reply_texts', ['updatedAt'], { where: 'text IS NOT NULL' })
@Index('plugin_lark_reply_signs', ['signDueAt'], { where: 'sign_due_at IS NOT NULL' })
export class LarkReply {
  @PrimaryColumn({ name: 'turn_id', type: 'uuid' })
  turnId!: string

  @Column({ name: 'integration_id', type: 'varchar' })
  integrationId!: string

  @Column({ name: 'chat_id', type: 'varchar' })
  chatId!: string

  @Column({ type: 'varchar', default: 'idle' })
  phase!: ReplyPhase

  @Column({ name: 'message_id', type: 'varchar', nullable: true })
  messageId!: string | null

  /** The CardKit entity, where the answer streams through one. */
  @Column({ name: 'card_id', type: 'varchar', nullable: true })
  cardId!: string | null

  @Column({ name: 'reaction_id', type: 'varchar', nullable: true })
  reactionId!: string | null

  /** When somebody removes the reaction that is left beside an answer at rest, on the database's clock. Older versions set none. */
  @Column({ name: 'sign_due_at', type: 'timestamptz', nullable: true })
  signDueAt!: Date | null

  /** Lark's strictly increasing operation number of a card entity. */
  @Column({ type: 'int', default: 0 })
  sequence!: number

  /** Of an answer that can not be delivered, or whose card will change again: what it says. */
  @Column({ type: 'text', nullable: true })
  text!: string | null

  /** What Lark last said to a last state that it does not take. Null in rows of older versions. */
  @Column({ type: 'jsonb', nullable: true })
  fault!: LarkFault | null

  /** How it is shown; chosen before the first message is sent, changed only after a definite refusal. */
  @Column({ type: 'varchar', nullable: true })
  form!: ReplyForm | null

  /** Cards before the current one, which an answer has outgrown. */
  @Column({ type: 'jsonb', nullable: true })
  parts!: ReplyParts | null

  /** When a message began to be sent whose id is not known yet: its uuid can be repeated for an hour from then. */
  @Column({ name: 'sending_since', type: 'timestamptz', nullable: true })
  sendingSince!: Date | null

  /** When the card entity was last told to stream: Lark ends that after ten minutes. */
  @Column({ name: 'streaming_since', type: 'timestamptz', nullable: true })
  streamingSince!: Date | null

  @Column({ name: 'flush_token', type: 'uuid', nullable: true })
  flushToken!: string | null

  @Column({ name: 'flush_expires_at', type: 'timestamptz', nullable: true })
  flushExpiresAt!: Date | null

  @Column({ name: 'last_frame_at', type: 'timestamptz', nullable: true })
  lastFrameAt!: Date | null

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt!: Date
}
