import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { DISPATCH_SECONDS, RUNNING_TURN, RunningTurn } from './turn-row'
import { DEFAULT_TURN_OPTIONS } from './turn.entity'

export interface AttemptRef {
  turnId: string
  attempt: string
}

/** Seconds for which a stored run event may stay unshown before any process takes it up. */
const ORPHAN_SECONDS = 5

/** A living run speaks within its idle policy; a minute more for the queue and for us. */
const LATE_SECONDS = 60

/** Before its first event a dispatch may only wait for a slot: until later ones run, or for so long that nobody waits. */
const OVERTAKEN_SECONDS = 60
const NEVER_STARTED_SECONDS = 900

/**
 * A run was heard when one of its last events came; all of thousands are not looked at. A second run of the same attempt counts from
 * 1 again, beside what is kept of the first: its last ones are around those that are shown.
 */
const LAST_EVENTS = 32

/** A stopped turn is looked at again this long after the request, when nobody did it at once. */
const STOPPED_SECONDS = 3

/** Who waits shorter sees the answer soon enough. */
export const PATIENCE_MS = 1_000

/** What `TurnWatch` looks for: turns that a dead process left behind. */
@Injectable()
export class TurnWatchRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** A dispatch that nobody noted is noted once its run was heard: the host has it. */
  async noteHeard(): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_turn turn SET dispatched_at = now(), deadline = NULL
       WHERE state = 'running' AND dispatched_at IS NULL AND deadline < now() AND stop_reason IS NULL
         AND EXISTS (SELECT 1 FROM plugin_lark_run_event WHERE attempt = turn.attempt)`
    )
  }

  /**
   * A started turn whose dispatch nobody noted, handed to one caller, who dispatches it now, or, where it was stopped, cancels
   * it once more; null when there is none. The first dispatch may run all the same.
   */
  async takeUndispatched(): Promise<RunningTurn | null> {
    const heldAt = performance.now()
    const taken = await this.dataSource.query<[{ id: string }[], number]>(
      `UPDATE plugin_lark_turn SET deadline = now() + make_interval(secs => $1)
       WHERE id = (SELECT id FROM plugin_lark_turn
                   WHERE state = 'running' AND dispatched_at IS NULL AND deadline < now()
                   ORDER BY deadline LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [DISPATCH_SECONDS]
    )
    const id = taken[0][0]?.id
    if (id === undefined) return null
    // A statement of its own: a SELECT beside the UPDATE in one WITH reads the rows as they were before it.
    const turns = await this.dataSource.query<RunningTurn[]>(
      `${RUNNING_TURN} WHERE turn.id = $1 AND turn.state = 'running'`,
      [id]
    )
    return turns[0] ? { ...turns[0], heldAt } : null
  }

  /** Turns that have waited for a while behind another one of their session, each handed to one caller, once. */
  async takeUnsigned(now: Date, limit: number): Promise<RunningTurn[]> {
    const taken = await this.dataSource.query<[{ id: string }[], number]>(
      `UPDATE plugin_lark_turn SET signed_at = now() WHERE id IN (
         SELECT id FROM plugin_lark_turn WHERE state = 'waiting' AND signed_at IS NULL
           AND created_at <= $1::timestamptz - make_interval(secs => $2::float8 / 1000) ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [now, PATIENCE_MS, limit]
    )
    return this.find(taken[0].map(({ id }) => id))
  }

  /** Turns in whatever state. */
  async find(ids: readonly string[]): Promise<RunningTurn[]> {
    return ids.length === 0 ? [] : this.dataSource.query(`${RUNNING_TURN} WHERE turn.id = ANY($1)`, [ids])
  }

  /**
   * Running turns whose next event was stored a while ago and is not shown, with a newer run than the followed one, or that
   * somebody stopped.
   */
  async findOrphans(): Promise<AttemptRef[]> {
    return this.dataSource.query<AttemptRef[]>(
      `SELECT turn.id AS "turnId", turn.attempt FROM plugin_lark_turn turn
       WHERE turn.state = 'running' AND (turn.stopped_at < now() - make_interval(secs => $2)
         OR (SELECT received_at FROM plugin_lark_run_event event WHERE event.attempt = turn.attempt
               AND event.sequence > turn.applied_sequence ORDER BY sequence LIMIT 1) < now() - make_interval(secs => $1)
         OR EXISTS (SELECT 1 FROM plugin_lark_run_event event WHERE event.attempt = turn.attempt AND event.sequence = 1
                      AND event.enqueued_at > turn.run_started_at AND event.received_at < now() - make_interval(secs => $1)))`,
      [ORPHAN_SECONDS, STOPPED_SECONDS]
    )
  }

  /**
   * Running turns of which nothing was heard for so long that the host must have forgotten their run. One that was never heard
   * is not dead while it may wait for a slot: a dispatch that was enqueued after it must have been heard a minute ago. The
   * last of those is looked up once, not for each of thousands that wait.
   */
  async findLost(): Promise<AttemptRef[]> {
    return this.dataSource.query<AttemptRef[]>(
      `WITH overtaking AS (
         SELECT started_at FROM plugin_lark_turn
         WHERE started_at > (SELECT min(dispatched_at) FROM plugin_lark_turn WHERE state = 'running')
           AND heard_at < now() - make_interval(secs => $4)
         ORDER BY started_at DESC LIMIT 1)
       SELECT turn.id AS "turnId", turn.attempt FROM plugin_lark_turn turn
       LEFT JOIN LATERAL (
         SELECT max(received_at) AS at FROM (
           (SELECT received_at FROM plugin_lark_run_event WHERE attempt = turn.attempt
            ORDER BY sequence DESC LIMIT ${LAST_EVENTS})
           UNION ALL
           (SELECT received_at FROM plugin_lark_run_event
            WHERE attempt = turn.attempt AND sequence <= turn.applied_sequence + ${LAST_EVENTS}
            ORDER BY sequence DESC LIMIT ${3 * LAST_EVENTS})) last) heard ON true
       WHERE turn.state = 'running' AND turn.dispatched_at IS NOT NULL AND CASE WHEN heard.at IS NOT NULL
         THEN heard.at < now() - make_interval(secs => $1 + coalesce((turn.options ->> 'idleTimeoutSeconds')::int, $2))
         ELSE turn.dispatched_at < now() - make_interval(secs => $3)
           OR turn.dispatched_at < (SELECT started_at FROM overtaking) END`,
      [LATE_SECONDS, DEFAULT_TURN_OPTIONS.idleTimeoutSeconds, NEVER_STARTED_SECONDS, OVERTAKEN_SECONDS]
    )
  }
}
