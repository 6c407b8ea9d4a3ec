import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'
import { DISPATCH_SECONDS, NEXT_STATE } from './turn-row'
import { AddedTurn, columnsOf, TURN_ROW, TurnRow } from './turn.repository'

/** When the messages of one sender are answered together. */
export interface WindowLimits {
  /** After this long without a further message. */
  idleSeconds: number
  /** However many come, this long after the first. */
  maxWaitSeconds: number
  maxMessages: number
}

/** A window ends: from here it is a turn like any other. */
const OVER = `state = ${NEXT_STATE}, deadline = now() + make_interval(secs => ${DISPATCH_SECONDS}), started_at = now()`

/** A message of a locked session, and what bounds its window. */
export interface JoiningMessage extends AddedTurn {
  limits: WindowLimits
}

/** The limits of a window are those of the message that joins it. */
const JOINING = `FROM joining WHERE joining.session_id = turn.session_id AND joining.sender_id = turn.sender_id`

const JOIN = `
  WITH joining AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::varchar[], $4::jsonb[], $5::varchar[], $6::uuid[], $7::uuid[], $8::jsonb[],
                         $9::float8[], $10::float8[], $11::int[])
      AS joining (id, session_id, sender_id, messages, anchor_message_id, attempt, execution_id, options, idle_seconds,
                  max_wait_seconds, max_messages)),
  over AS (
    UPDATE plugin_lark_turn turn SET ${OVER} FROM joining
    WHERE turn.session_id = joining.session_id AND turn.sender_id = joining.sender_id AND turn.state = 'window'
      AND turn.deadline <= $12::timestamptz
    RETURNING turn.*),
  joined AS (
    INSERT INTO plugin_lark_turn AS turn (id, session_id, position, state, sender_id, messages, anchor_message_id, attempt,
                                          attempt_number, execution_id, deadline, created_at, options)
    SELECT id, session_id,
           coalesce((SELECT max(position) FROM plugin_lark_turn WHERE session_id = joining.session_id), 0) + 1, 'window',
           sender_id, messages, anchor_message_id, attempt, 1, execution_id,
           $12::timestamptz + make_interval(secs => least(idle_seconds, max_wait_seconds)), $12, options
    FROM joining, (SELECT count(*) FROM over) AS after_over
    ON CONFLICT (session_id, sender_id) WHERE state = 'window' DO UPDATE SET
      messages = turn.messages || excluded.messages, anchor_message_id = excluded.anchor_message_id,
      options = excluded.options,
      state = CASE WHEN jsonb_array_length(turn.messages) + 1 < (SELECT max_messages ${JOINING}) THEN 'window' ELSE ${NEXT_STATE} END,
      deadline = CASE WHEN jsonb_array_length(turn.messages) + 1 < (SELECT max_messages ${JOINING})
        THEN least($12::timestamptz + make_interval(secs => (SELECT idle_seconds ${JOINING})),
                   turn.created_at + make_interval(secs => (SELECT max_wait_seconds ${JOINING})))
        ELSE now() + make_interval(secs => ${DISPATCH_SECONDS}) END,
      started_at = now()
    RETURNING turn.*)
  SELECT ${TURN_ROW} FROM over AS turn UNION ALL SELECT ${TURN_ROW} FROM joined AS turn`

/** The windows in which a sender's messages are collected: opened, filled, ended. Their deadline is on the injected clock. */
@Injectable()
export class WindowRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Adds a message to the sender's open window of each of several locked sessions, or opens one: one statement. A window that
   * it finds over, or fills, becomes a turn. Answers the turns that it touched, those with the messages last.
   */
  async join(manager: EntityManager, joined: readonly JoiningMessage[], now: Date): Promise<TurnRow[]> {
    return manager.query<TurnRow[]>(JOIN, [
      ...columnsOf(joined),
      joined.map(({ limits }) => limits.idleSeconds),
      joined.map(({ limits }) => limits.maxWaitSeconds),
      joined.map(({ limits }) => limits.maxMessages),
      now
    ])
  }

  /** Windows that are over, the oldest first. */
  async findOver(now: Date, limit: number): Promise<{ id: string; sessionId: string }[]> {
    return this.dataSource.query(
      `SELECT id, session_id AS "sessionId" FROM plugin_lark_turn WHERE state = 'window' AND deadline <= $1
       ORDER BY deadline LIMIT $2`,
      [now, limit]
    )
  }

  /** When the next window ends; null when none is open. */
  async nextEnd(): Promise<Date | null> {
    const rows = await this.dataSource.query<{ at: Date | null }[]>(
      `SELECT min(deadline) AS at FROM plugin_lark_turn WHERE state = 'window'`
    )
    return rows[0]?.at ?? null
  }

  /**
   * Ends windows of a locked session: one that is over by its time, or the sender's at once. Answers its state, null when there
   * is none or a message made it longer.
   */
  async end(
    manager: EntityManager,
    which: { turnId: string; now: Date } | { sessionId: string; senderId: string }
  ): Promise<{ id: string; state: 'running' | 'waiting' } | null> {
    const [where, values] =
      'turnId' in which
        ? [`id = $1 AND deadline <= $2`, [which.turnId, which.now]]
        : [`session_id = $1 AND sender_id = $2`, [which.sessionId, which.senderId]]
    const result = await manager.query<[{ id: string; state: 'running' | 'waiting' }[], number]>(
      `UPDATE plugin_lark_turn turn SET ${OVER} WHERE state = 'window' AND ${where} RETURNING id, state`,
      values
    )
    return result[0][0] ?? null
  }
}
