import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource, EntityManager } from 'typeorm'
import { GroupedQueue, STATEMENT_MS } from '../shared'
import { DISPATCH_SECONDS, ENDED, NEXT_STATE, RUNNING_TURN, RunningTurn, SENT_AT, WITHOUT_TEXTS } from './turn-row'
import { TurnMessage, TurnOptions } from './turn.entity'

/** What a statement that makes or starts a turn says of it. */
export interface TurnRow {
  id: string
  sessionId: string
  state: 'window' | 'waiting' | 'running'
  attempt: string
  executionId: string
  messages: TurnMessage[]
  anchorMessageId: string
  senderId: string
  options: TurnOptions | null
  /** When a window ends, on the injected clock. */
  deadline: Date | null
  /** Another turn of its session waits for somebody's decision. */
  hasQuestion: boolean
}

/** A message of a locked session. */
export interface AddedTurn {
  sessionId: string
  message: TurnMessage
  options: TurnOptions
}

/** Of new turns: id, session, sender, messages, anchor, attempt, execution, options. */
export const columnsOf = (added: readonly AddedTurn[]): unknown[][] => [
  added.map(() => randomUUID()),
  added.map(({ sessionId }) => sessionId),
  added.map(({ message }) => message.senderId),
  added.map(({ message }) => JSON.stringify([message])),
  added.map(({ message }) => message.messageId),
  added.map(() => randomUUID()),
  added.map(() => randomUUID()),
  added.map(({ options }) => JSON.stringify(options))
]

interface AttemptedTurn {
  id: string
  attempt: string
}

const MAX_GROUP = 50

/**
 * A run of session `$1` has begun with what was said before it, since a conversation was last given up. What came of one that failed
 * nobody knows: it is rather told twice.
 */
const TOLD = `heard_at IS NOT NULL AND outcome IS DISTINCT FROM 'failed' AND (options ->> 'historyMessages')::int > 0
  AND started_at >= coalesce((SELECT forsaken_at FROM plugin_lark_session WHERE id = $1), '-infinity')`

/** Turns of a session among which the one with the latest messages is looked for. */
const LAST_TOLD = 20

/** Of the turn `turn`, by a statement that begins after its session was locked. */
export const TURN_ROW = `id, session_id AS "sessionId", state, attempt, execution_id AS "executionId", messages, anchor_message_id AS "anchorMessageId",
  sender_id AS "senderId", options, deadline,
  EXISTS (SELECT 1 FROM plugin_lark_turn other WHERE other.session_id = turn.session_id AND other.state = 'approval')
    AS "hasQuestion"`

/** The statements of a turn's ordinary way: made, started, dispatched, followed, ended. */
@Injectable()
export class TurnRepository {
  /** A late one does no harm, and a missing one makes `TurnWatch` dispatch again, as after a crash. */
  private readonly dispatches = new GroupedQueue(
    (turns: readonly AttemptedTurn[]) => this.noteDispatches(turns),
    MAX_GROUP,
    { limitMs: STATEMENT_MS }
  )

  constructor(private readonly dataSource: DataSource) {}

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work)
  }

  /** Adds a turn to each of several locked sessions: running when nothing else is, else behind the others. */
  async add(manager: EntityManager, added: readonly AddedTurn[], now: Date): Promise<TurnRow[]> {
    return manager.query<TurnRow[]>(
      `INSERT INTO plugin_lark_turn AS turn (id, session_id, position, state, sender_id, messages, anchor_message_id, attempt,
                                     attempt_number, execution_id, deadline, started_at, created_at, options)
       SELECT id, session_id,
              coalesce((SELECT max(position) FROM plugin_lark_turn WHERE session_id = turn.session_id), 0) + 1, ${NEXT_STATE},
              sender_id, messages, anchor_message_id, attempt, 1, execution_id, now() + make_interval(secs => $9), now(), $10,
              options
       FROM unnest($1::uuid[], $2::uuid[], $3::varchar[], $4::jsonb[], $5::varchar[], $6::uuid[], $7::uuid[], $8::jsonb[])
         AS turn (id, session_id, sender_id, messages, anchor_message_id, attempt, execution_id, options)
       RETURNING ${TURN_ROW}`,
      [...columnsOf(added), DISPATCH_SECONDS, now]
    )
  }

  async findRunning(turnId: string, attempt: string): Promise<RunningTurn | null> {
    const rows = await this.dataSource.query<RunningTurn[]>(
      `${RUNNING_TURN} WHERE turn.id = $1 AND turn.attempt = $2 AND turn.state = 'running'`,
      [turnId, attempt]
    )
    return rows[0] ?? null
  }

  /** It is being prepared for its dispatch. False when it has ended, was stopped, or somebody else has taken it. */
  async keepUndispatched(turn: { id: string; attempt: string; executionId: string }): Promise<boolean> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `UPDATE plugin_lark_turn SET deadline = now() + make_interval(secs => $4)
       WHERE id = $1 AND attempt = $2 AND execution_id = $3 AND state = 'running' AND dispatched_at IS NULL
         AND stop_reason IS NULL`,
      [turn.id, turn.attempt, turn.executionId, DISPATCH_SECONDS]
    )
    return result[1] > 0
  }

  /** As they are now: a person may have taken one back. Empty for no such turn. */
  async messagesOf(turnId: string): Promise<TurnMessage[]> {
    const rows = await this.dataSource.query<{ messages: TurnMessage[] }[]>(
      `SELECT messages FROM plugin_lark_turn WHERE id = $1`,
      [turnId]
    )
    return rows[0]?.messages ?? []
  }

  /** Which of these turns belong to the session. */
  async ofSession(sessionId: string, turnIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (turnIds.length === 0) return new Set()
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM plugin_lark_turn WHERE id = ANY($1) AND session_id = $2`,
      [turnIds, sessionId]
    )
    return new Set(rows.map(({ id }) => id))
  }

  /**
   * The messages of the session's other turn with which the expert was last told what came before them; empty where it was told
   * nothing. A turn that was asked again, or collected for longer, may stand behind one with later messages.
   */
  async lastTold({ id, sessionId }: { id: string; sessionId: string }): Promise<string[]> {
    const rows = await this.dataSource.query<{ ids: string[] }[]>(
      `SELECT jsonb_path_query_array(messages, '$[*].messageId') AS ids
       FROM (SELECT messages, position FROM plugin_lark_turn
             WHERE session_id = $1 AND id <> $2 AND ${TOLD} ORDER BY position DESC LIMIT $3) AS told
       ORDER BY ${SENT_AT} DESC, position DESC LIMIT 1`,
      [sessionId, id, LAST_TOLD]
    )
    return rows[0]?.ids ?? []
  }

  /** Those of a burst share a statement. False when it has ended, was stopped, or runs under another attempt. */
  noteDispatch(turn: AttemptedTurn): Promise<boolean> {
    return this.dispatches.add(turn)
  }

  private async noteDispatches(turns: readonly AttemptedTurn[]): Promise<boolean[]> {
    const result = await this.dataSource.query<[{ attempt: string }[], number]>(
      `UPDATE plugin_lark_turn turn SET dispatched_at = now(), deadline = NULL
       FROM unnest($1::uuid[], $2::uuid[]) AS dispatched (id, attempt)
       WHERE turn.id = dispatched.id AND turn.attempt = dispatched.attempt AND turn.state = 'running'
         AND turn.stop_reason IS NULL
       RETURNING turn.attempt`,
      [turns.map(({ id }) => id), turns.map(({ attempt }) => attempt)]
    )
    const noted = new Set(result[0].map(({ attempt }) => attempt))
    return turns.map(({ attempt }) => noted.has(attempt))
  }

  /** Whether somebody waits for this execution; a resume goes on with that of the attempt before it, another attempt cancels it. */
  async isWanted({ id, attempt, executionId }: AttemptedTurn & { executionId: string }): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM plugin_lark_turn
       WHERE id = $1 AND execution_id = $2 AND (attempt = $3 OR resume IS NOT NULL) AND state IN ('running', 'approval')
         AND stop_reason IS NULL`,
      [id, executionId, attempt]
    )
    return rows.length > 0
  }

  /**
   * A turn that was stopped before its dispatch was noted: none can come any more, or its cancel is on its way behind it. A
   * cancel that the host took before has found nothing, so that the wait for the run's end begins anew.
   */
  async closeDispatch(turn: { id: string; attempt: string; executionId: string }): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_turn SET deadline = NULL, cancelled_at = CASE WHEN cancelled_at IS NOT NULL THEN now() END
       WHERE id = $1 AND attempt = $2 AND execution_id = $3 AND state = 'running' AND dispatched_at IS NULL
         AND stop_reason IS NOT NULL`,
      [turn.id, turn.attempt, turn.executionId]
    )
  }

  async noteProgress(turn: RunningTurn): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_turn SET applied_sequence = $3, run_started_at = $4, heard_at = coalesce(heard_at, now())
       WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [turn.id, turn.attempt, turn.appliedSequence, turn.runStartedAt]
    )
  }

  /**
   * False when the turn has ended already or runs under another attempt.
   * @param keepTexts somebody may ask for the answer again
   */
  async end(
    manager: EntityManager,
    turn: { id: string; attempt: string; runStartedAt: number | null },
    ended: { outcome: string; reason: string; keepTexts: boolean; closeDue?: boolean },
    now: Date
  ): Promise<boolean> {
    const result = await manager.query<[unknown[], number]>(
      `UPDATE plugin_lark_turn SET ${ENDED}, outcome = $3, reason = $4, ended_at = $5, close_due = $7,
              heard_at = coalesce(heard_at, CASE WHEN $6 THEN now() END) ${ended.keepTexts ? '' : `, ${WITHOUT_TEXTS}`}
       WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [turn.id, turn.attempt, ended.outcome, ended.reason, now, turn.runStartedAt !== null, ended.closeDue === true]
    )
    return result[1] > 0
  }

  /** Starts the next waiting turn of a locked session; null when there is none, or another one holds it. */
  async startNext(manager: EntityManager, sessionId: string): Promise<RunningTurn | null> {
    const rows = await manager.query<[{ id: string }[], number]>(
      `UPDATE plugin_lark_turn SET state = 'running', deadline = now() + make_interval(secs => $2), started_at = now()
       WHERE id = (SELECT id FROM plugin_lark_turn WHERE session_id = $1 AND state = 'waiting' ORDER BY position LIMIT 1)
         AND NOT EXISTS (SELECT 1 FROM plugin_lark_turn WHERE session_id = $1 AND state = 'running')
       RETURNING id`,
      [sessionId, DISPATCH_SECONDS]
    )
    const next = rows[0][0]
    return next ? this.read(manager, next.id) : null
  }

  /** Ends all open turns of an integration; answers which. */
  async endAll(manager: EntityManager, integrationId: string, reason: string, now: Date): Promise<string[]> {
    const result = await manager.query<[{ id: string }[], number]>(
      `UPDATE plugin_lark_turn SET ${ENDED}, ${WITHOUT_TEXTS}, outcome = 'dropped', reason = $2, ended_at = $3
       WHERE state <> 'ended' AND session_id IN (SELECT id FROM plugin_lark_session WHERE integration_id = $1) RETURNING id`,
      [integrationId, reason, now]
    )
    return result[0].map((row) => row.id)
  }

  /** In the transaction that starts it. */
  async read(manager: EntityManager, turnId: string): Promise<RunningTurn | null> {
    const heldAt = performance.now()
    const turns = await manager.query<RunningTurn[]>(`${RUNNING_TURN} WHERE turn.id = $1`, [turnId])
    return turns[0] ? { ...turns[0], heldAt } : null
  }
}
