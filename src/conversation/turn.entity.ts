import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/**
 * `window`: still collecting a person's messages. `waiting`: behind another turn of its session. `running`: dispatched.
 * `approval`: interrupted, waits for a person and does not hold the session. `ended`: nothing more will happen.
 */
export type TurnState = 'window' | 'waiting' | 'running' | 'approval' | 'ended'

/** One message that a turn answers. */
export interface TurnMessage {
  messageId: string
  senderId: string
  /** Gone once the turn has ended. */
  text: string
}

/** One input to a session and the run that answers it. */
@Entity('plugin_lark_turn')
@Index('plugin_lark_turn_order', ['sessionId', 'position'], { unique: true })
@Index('plugin_lark_turn_queue', ['sessionId', 'position'], { where: `state IN ('waiting', 'running')` })
@Index('plugin_lark_turn_running', ['sessionId'], { unique: true, where: `state = 'running'` })
@Index('plugin_lark_turn_window', ['sessionId', 'senderId'], { unique: true, where: `state = 'window'` })
@Index('plugin_lark_turn_open', ['deadline'], { where: `state IN ('window', 'running')` })
@Index('plugin_lark_turn_attempt', ['attempt'], { where: 'attempt IS NOT NULL' })
export class LarkTurn {
  @PrimaryColumn('uuid')
  id!: string

  @Column({ name: 'session_id', type: 'uuid' })
  sessionId!: string

  @Column({ type: 'int' })
  position!: number

  @Column({ type: 'varchar' })
  state!: TurnState

  @Column({ name: 'sender_id', type: 'varchar' })
  senderId!: string

  @Column({ type: 'jsonb' })
  messages!: TurnMessage[]

  /** The message that the answer quotes: the last one of the turn. */
  @Column({ name: 'anchor_message_id', type: 'varchar' })
  anchorMessageId!: string

  /** The token of the current dispatch. */
  @Column({ type: 'uuid', nullable: true })
  attempt!: string | null

  @Column({ name: 'attempt_number', type: 'int', default: 0 })
  attemptNumber!: number

  @Column({ name: 'execution_id', type: 'uuid', nullable: true })
  executionId!: string | null

  /** Start of the followed run, in epoch milliseconds of the host: one dispatch may run twice. */
  @Column({ name: 'run_started_at', type: 'bigint', nullable: true })
  runStartedAt!: string | null

  /** Sequence of the followed run's last event that is shown. */
  @Column({ name: 'applied_sequence', type: 'int', default: 0 })
  appliedSequence!: number

  /** On the database's clock: when somebody must look at an open turn again. */
  @Column({ type: 'timestamptz', nullable: true })
  deadline!: Date | null

  @Column({ name: 'dispatched_at', type: 'timestamptz', nullable: true })
  dispatchedAt!: Date | null

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null

  @Column({ type: 'varchar', nullable: true })
  outcome!: string | null

  @Column({ type: 'varchar', nullable: true })
  reason!: string | null
}
