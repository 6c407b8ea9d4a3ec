import { Injectable } from '@nestjs/common'
import { createHash } from 'node:crypto'
import { DataSource, EntityManager } from 'typeorm'
import { RunCallback, RunSignal } from '../host'
import { StoredRunEvent } from './followed-run'

export interface NewRunEvent {
  turnId: string
  callback: RunCallback
}

/** Longer than any write under way. */
const LEFT_OVER_SECONDS = 600

const digestOf = (callback: RunCallback): string =>
  createHash('sha256')
    .update(JSON.stringify([callback.enqueuedAt, callback.executionId ?? null, callback.signal]))
    .digest('hex')
    .slice(0, 32)

/** Run events as they come, are shown and go. Those that nobody shows are looked for by `TurnWatchRepository`. */
@Injectable()
export class RunEventRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Stores events of their turns' current attempts, in one statement. Repeats, and what comes after a turn's end, change
   * nothing.
   */
  async store(events: readonly NewRunEvent[]): Promise<void> {
    const rows = events.map(({ turnId, callback }) => ({
      turn_id: turnId,
      attempt: callback.attempt,
      sequence: callback.sequence,
      digest: digestOf(callback),
      execution_id: callback.executionId ?? null,
      enqueued_at: callback.enqueuedAt,
      signal: JSON.stringify(callback.signal)
    }))
    await this.dataSource.query(
      `INSERT INTO plugin_lark_run_event (attempt, sequence, digest, execution_id, enqueued_at, signal)
       SELECT event.attempt, event.sequence, event.digest, event.execution_id, event.enqueued_at, event.signal
       FROM json_to_recordset($1) AS event (turn_id uuid, attempt uuid, sequence int, digest text, execution_id text,
                                            enqueued_at bigint, signal text)
       JOIN plugin_lark_turn turn ON turn.id = event.turn_id AND turn.attempt = event.attempt AND turn.state = 'running'
       ORDER BY event.attempt, event.sequence, event.digest
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)]
    )
  }

  /** What is not shown yet, in order, and the first event of every run of this attempt. */
  async unshown(attempt: string, appliedSequence: number): Promise<StoredRunEvent[]> {
    const rows = await this.dataSource.query<(Omit<StoredRunEvent, 'signal'> & { signal: string })[]>(
      `SELECT sequence, enqueued_at::float8 AS "enqueuedAt", signal, (extract(epoch FROM now() - received_at) * 1000)::float8 AS "ageMs"
       FROM plugin_lark_run_event WHERE attempt = $1 AND (sequence > $2 OR sequence = 1)
       ORDER BY sequence, enqueued_at`,
      [attempt, appliedSequence]
    )
    return rows.map((row) => ({ ...row, signal: JSON.parse(row.signal) as RunSignal }))
  }

  /** Milliseconds since anything of the runs that began before `startedAt` was heard; null when nothing was. */
  async silentMsBefore(attempt: string, startedAt: number): Promise<number | null> {
    const rows = await this.dataSource.query<{ silentMs: number | null }[]>(
      `WITH former AS MATERIALIZED (
         SELECT received_at FROM plugin_lark_run_event WHERE attempt = $1 AND enqueued_at < $2)
       SELECT (extract(epoch FROM now() - max(received_at)) * 1000)::float8 AS "silentMs" FROM former`,
      [attempt, startedAt]
    )
    return rows[0]?.silentMs ?? null
  }

  /** Whether an event of the followed run that can be shown now was stored in the meantime. */
  async hasNext(turnId: string, attempt: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM plugin_lark_turn turn JOIN plugin_lark_run_event event ON event.attempt = turn.attempt
         AND event.sequence = turn.applied_sequence + 1
       WHERE turn.id = $1 AND turn.attempt = $2 AND turn.state = 'running' AND (turn.run_started_at IS NULL
         OR event.enqueued_at >= turn.run_started_at AND NOT EXISTS (
           SELECT 1 FROM plugin_lark_run_event start WHERE start.attempt = turn.attempt AND start.sequence = 1
             AND start.enqueued_at > turn.run_started_at AND start.enqueued_at <= event.enqueued_at)) LIMIT 1`,
      [turnId, attempt]
    )
    return rows.length > 0
  }

  async remove(manager: EntityManager, attempt: string): Promise<void> {
    await manager.query(`DELETE FROM plugin_lark_run_event WHERE attempt = $1`, [attempt])
  }

  /** Removes what was stored in the instant in which its turn ended: too late for `remove`, too early to be ignored. */
  async removeLeftOver(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM plugin_lark_run_event event WHERE received_at < now() - make_interval(secs => $1)
         AND NOT EXISTS (SELECT 1 FROM plugin_lark_turn turn WHERE turn.attempt = event.attempt AND turn.state = 'running')`,
      [LEFT_OVER_SECONDS]
    )
  }
}
