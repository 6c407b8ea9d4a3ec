import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource, EntityManager } from 'typeorm'
import { DISPATCH_SECONDS, NEXT_STATE } from './turn-row'
import { TurnMessage, TurnOptions } from './turn.entity'
import { TURN_ROW, TurnRow } from './turn.repository'

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

/** Every statement over the windows in which a sender's messages are collected. Their deadline is on the injected clock. */
@Injectable()
export class WindowRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Adds a message to the sender's open window of a locked session, or opens one: one statement. A window that it finds over,
   * or fills, becomes a turn. Answers the turns that it touched, the message's own last.
   */
  async join(
    manager: EntityManager,
    sessionId: string,
    { message, options }: { message: TurnMessage; options: TurnOptions },
    limits: WindowLimits,
    now: Date
  ): Promise<TurnRow[]> {
    return manager.query<TurnRow[]>(
      `WITH over AS (
         UPDATE plugin_lark_turn turn SET ${OVER}
         WHERE session_id = $2 AND sender_id = $3 AND state = 'window' AND deadline <= $8::timestamptz
         RETURNING turn.*),
       joined AS (
         INSERT INTO plugin_lark_turn AS turn (id, session_id, position, state, sender_id, messages, anchor_message_id, attempt,
                                               attempt_number, execution_id, deadline, created_at, options)
         SELECT $1, $2, coalesce((SELECT max(position) FROM plugin_lark_turn WHERE session_id = $2), 0) + 1, 'window', $3, $4, $5,
                $6, 1, $7, $8::timestamptz + make_interval(secs => least($9::float8, $10::float8)), $8, $11
         FROM (SELECT count(*) FROM over) AS after_over
         ON CONFLICT (session_id, sender_id) WHERE state = 'window' DO UPDATE SET
           messages = turn.messages || excluded.messages, anchor_message_id = excluded.anchor_message_id,
           options = excluded.options,
           state = CASE WHEN jsonb_array_length(turn.messages) + 1 < $12::int THEN 'window' ELSE ${NEXT_STATE} END,
           deadline = CASE WHEN jsonb_array_length(turn.messages) + 1 < $12::int
             THEN least($8::timestamptz + make_interval(secs => $9::float8), turn.created_at + make_interval(secs => $10::float8))
             ELSE now() + make_interval(secs => ${DISPATCH_SECONDS}) END,
           started_at = now()
         RETURNING turn.*)
       SELECT ${TURN_ROW} FROM over UNION ALL SELECT ${TURN_ROW} FROM joined`,
      [
        randomUUID(),
        sessionId,
        message.senderId,
        JSON.stringify([message]),
        message.messageId,
        randomUUID(),
        randomUUID(),
        now,
        limits.idleSeconds,
        limits.maxWaitSeconds,
        JSON.stringify(options),
        limits.maxMessages
      ]
    )
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
