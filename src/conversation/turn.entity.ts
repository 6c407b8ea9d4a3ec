import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { ResumeRequest } from '../host'
import { MessageResource, ReadableText } from '../lark'
import { StoredOperation } from './stored-operation'

/**
 * `window`: still collecting a person's messages. `waiting`: behind another turn of its session. `running`: dispatched.
 * `approval`: interrupted, waits for a person and does not hold the session. `ended`: nothing more will happen.
 */
export type TurnState = 'window' | 'waiting' | 'running' | 'approval' | 'ended'

/** One message that a turn answers. */
export interface TurnMessage {
  messageId: string
  senderId: string
  /** Gone when it was recalled, and once the turn has ended, unless somebody may ask for it again. */
  text?: string
  /** ISO time at which Lark took it. */
  sentAt?: string
  material?: MessageMaterial
}

/** What a message needs besides its text, read before the turn is dispatched. Gone with the text. */
export interface MessageMaterial {
  resources?: MessageResource[]
  original?: ReadableText['original']
  /** The message that it replies to; in a topic its first message. */
  parentId?: string
}

/** What the trigger's settings said when the turn was opened. */
export interface TurnOptions {
  /** How long a living run may be silent. */
  idleTimeoutSeconds: number
  streaming: boolean
  /** Who may approve; empty: who asked. */
  approverOpenIds: string[]
  /** In a session of several people: who speaks, as the Digital Expert reads it. */
  speaker?: string
  /** Largest attachment that is read; the default where it is not said. */
  attachmentMaxMiB?: number
  /** How many earlier messages of the scope come along; none where it is not said. */
  historyMessages?: number
}

export const DEFAULT_TURN_OPTIONS: TurnOptions = { idleTimeoutSeconds: 600, streaming: true, approverOpenIds: [] }

/** Something is left that can be asked: not every message was taken back, and its text is still kept. */
export const HAS_A_TEXT = `messages @? '$[*].text'`

/** Of an ended turn: texts that retention has to forget. */
export const HAS_TEXTS = `(${HAS_A_TEXT} OR options ? 'speaker')`

/** One input to a session and the run that answers it. */
@Entity('plugin_lark_turn')
@Index('plugin_lark_turn_order', ['sessionId', 'position'], { unique: true })
@Index('plugin_lark_turn_queue', ['sessionId', 'position'], { where: `state IN ('waiting', 'running')` })
@Index('plugin_lark_turn_running', ['sessionId'], { unique: true, where: `state = 'running'` })
@Index('plugin_lark_turn_window', ['sessionId', 'senderId'], { unique: true, where: `state = 'window'` })
@Index('plugin_lark_turn_open', ['deadline'], { where: `state IN ('window', 'running')` })
@Index('plugin_lark_turn_question', ['sessionId'], { where: `state = 'approval'` })
@Index('plugin_lark_turn_close', ['endedAt'], { where: 'close_due' })
@Index('plugin_lark_turn_started', ['startedAt'])
@Index('plugin_lark_turn_ended', ['endedAt'], { where: 'ended_at IS NOT NULL' })
@Index('plugin_lark_turn_texts', ['endedAt'], { where: `ended_at IS NOT NULL AND ${HAS_TEXTS}` })
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

  /** When somebody must look at an open turn again: a running one on the database's clock, a window on the injected one. */
  @Column({ type: 'timestamptz', nullable: true })
  deadline!: Date | null

  @Column({ name: 'dispatched_at', type: 'timestamptz', nullable: true })
  dispatchedAt!: Date | null

  /** Null in turns of older versions. */
  @Column({ type: 'jsonb', nullable: true })
  options!: TurnOptions | null

  /** What the current attempt continues; null when it asks the whole question. */
  @Column({ type: 'jsonb', nullable: true })
  resume!: ResumeRequest | null

  /** What a run asked before it could go on, as the host gave it, while somebody may still answer. */
  @Column({ type: 'jsonb', nullable: true })
  operation!: StoredOperation | null

  /** On the database's clock, as the three below: before the current attempt was given to the host's queue. */
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null

  /** When an event of the current attempt was first applied, or its run asked or ended before that was noted. */
  @Column({ name: 'heard_at', type: 'timestamptz', nullable: true })
  heardAt!: Date | null

  /** When somebody asked to stop the run, and why it then ends. */
  @Column({ name: 'stopped_at', type: 'timestamptz', nullable: true })
  stoppedAt!: Date | null

  @Column({ name: 'stop_reason', type: 'varchar', nullable: true })
  stopReason!: string | null

  /** When the host took the cancel. */
  @Column({ name: 'cancelled_at', type: 'timestamptz', nullable: true })
  cancelledAt!: Date | null

  /** When the person was shown that their message waits behind another one. */
  @Column({ name: 'signed_at', type: 'timestamptz', nullable: true })
  signedAt!: Date | null

  /** It ended without its run, or without Lark's word, and what the person sees does not say so yet. */
  @Column({ name: 'close_due', type: 'boolean', default: false })
  closeDue!: boolean

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null

  @Column({ type: 'varchar', nullable: true })
  outcome!: string | null

  @Column({ type: 'varchar', nullable: true })
  reason!: string | null
}
