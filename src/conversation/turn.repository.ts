import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource, EntityManager } from 'typeorm'
import { TurnMessage } from './turn.entity'

/** A turn that holds its session, with what a dispatch and a reply need. */
export interface RunningTurn {
  id: string
  sessionId: string
  attempt: string
  executionId: string
  runStartedAt: number | null
  appliedSequence: number
  messages: TurnMessage[]
  senderId: string
  anchorMessageId: string
  tenantId: string
  organizationId: string | null
  integrationId: string
  xpertId: string
  chatType: string
  chatId: string
  threadId: string | null
  conversationId: string | null
}

export interface NewTurn {
  integrationId: string
  tenantId: string
  organizationId: string | null
  scopeKey: string
  xpertId: string
  chatType: 'p2p' | 'group'
  chatId: string
  threadId?: string
  message: TurnMessage
}

/** Seconds after which anybody may dispatch a started turn whose dispatch was not noted: its starter died. */
const DISPATCH_SECONDS = 10

/** Seconds for which a stored run event may stay unshown before any process takes it up. */
const ORPHAN_SECONDS = 5

const RUNNING_TURN = `
  SELECT turn.id, turn.session_id AS "sessionId", turn.attempt, turn.execution_id AS "executionId",
         turn.run_started_at::float8 AS "runStartedAt", turn.applied_sequence AS "appliedSequence", turn.messages,
         turn.sender_id AS "senderId", turn.anchor_message_id AS "anchorMessageId", session.tenant_id AS "tenantId",
         session.organization_id AS "organizationId", session.integration_id AS "integrationId",
         session.xpert_id AS "xpertId", session.chat_type AS "chatType", session.chat_id AS "chatId",
         session.thread_id AS "threadId", session.conversation_id AS "conversationId"
  FROM plugin_lark_turn turn JOIN plugin_lark_session session ON session.id = turn.session_id`

/** Nobody reads a message's text after its turn; the ids stay for the admin. */
const ENDED = `state = 'ended', deadline = NULL,
               messages = (SELECT coalesce(jsonb_agg(message - 'text'), '[]') FROM jsonb_array_elements(messages) message)`

/** A run is lost when it was silent for its idle policy and a minute; before its first event it may wait for a slot. */
const LOST_SECONDS = 660
const NEVER_STARTED_SECONDS = 900

/** Every statement over sessions and turns. */
@Injectable()
export class TurnRepository {
  constructor(private readonly dataSource: DataSource) {}

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work)
  }

  /** Opens the scope's session, or finds the open one, and locks it: turns of one session are made one at a time. */
  async openSession(
    manager: EntityManager,
    turn: NewTurn,
    now: Date
  ): Promise<{ id: string; conversationId: string | null }> {
    const rows = await manager.query<{ id: string; conversationId: string | null }[]>(
      `INSERT INTO plugin_lark_session AS session (id, integration_id, tenant_id, organization_id, scope_key, xpert_id, chat_type,
                                                   chat_id, thread_id, sender_id, created_at, last_activity_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
       ON CONFLICT (integration_id, scope_key, xpert_id) WHERE closed_at IS NULL
       DO UPDATE SET last_activity_at = excluded.last_activity_at, sender_id = excluded.sender_id
       RETURNING id, conversation_id AS "conversationId"`,
      [
        randomUUID(),
        turn.integrationId,
        turn.tenantId,
        turn.organizationId,
        turn.scopeKey,
        turn.xpertId,
        turn.chatType,
        turn.chatId,
        turn.threadId ?? null,
        turn.message.senderId,
        now
      ]
    )
    return rows[0]!
  }

  /** Adds a turn to a locked session: running when nothing else is, else behind the others. */
  async add(
    manager: EntityManager,
    sessionId: string,
    message: TurnMessage,
    now: Date
  ): Promise<{ id: string; state: 'running' | 'waiting'; attempt: string; executionId: string }> {
    const rows = await manager.query<
      { id: string; state: 'running' | 'waiting'; attempt: string; executionId: string }[]
    >(
      `INSERT INTO plugin_lark_turn (id, session_id, position, state, sender_id, messages, anchor_message_id, attempt,
                                     attempt_number, execution_id, deadline, created_at)
       VALUES ($1, $2, coalesce((SELECT max(position) FROM plugin_lark_turn WHERE session_id = $2), 0) + 1,
               CASE WHEN EXISTS (SELECT 1 FROM plugin_lark_turn WHERE session_id = $2 AND state IN ('waiting', 'running'))
                    THEN 'waiting' ELSE 'running' END,
               $3, $4, $5, $6, 1, $7, now() + make_interval(secs => $8), $9)
       RETURNING id, state, attempt, execution_id AS "executionId"`,
      [
        randomUUID(),
        sessionId,
        message.senderId,
        JSON.stringify([message]),
        message.messageId,
        randomUUID(),
        randomUUID(),
        DISPATCH_SECONDS,
        now
      ]
    )
    return rows[0]!
  }

  async findRunning(turnId: string, attempt: string): Promise<RunningTurn | null> {
    const rows = await this.dataSource.query<RunningTurn[]>(
      `${RUNNING_TURN} WHERE turn.id = $1 AND turn.attempt = $2 AND turn.state = 'running'`,
      [turnId, attempt]
    )
    return rows[0] ?? null
  }

  async noteDispatch(turn: { id: string; attempt: string }, now: Date): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_turn SET dispatched_at = $3, deadline = NULL WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [turn.id, turn.attempt, now]
    )
  }

  async noteProgress(turn: RunningTurn): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_turn SET applied_sequence = $3, run_started_at = $4 WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [turn.id, turn.attempt, turn.appliedSequence, turn.runStartedAt]
    )
  }

  /**
   * Started turns whose dispatch nobody noted, each handed to one caller at a time. The first dispatch may run all the same:
   * another execution id keeps the two from writing one row of the host.
   */
  async takeUndispatched(): Promise<RunningTurn[]> {
    const taken = await this.dataSource.query<[{ id: string }[], number]>(
      `UPDATE plugin_lark_turn SET deadline = now() + make_interval(secs => $1), execution_id = gen_random_uuid()
       WHERE state = 'running' AND dispatched_at IS NULL AND deadline < now() RETURNING id`,
      [DISPATCH_SECONDS]
    )
    const ids = taken[0].map(({ id }) => id)
    if (ids.length === 0) return []
    // A statement of its own: a SELECT beside the UPDATE in one WITH reads the rows as they were before it.
    return this.dataSource.query<RunningTurn[]>(`${RUNNING_TURN} WHERE turn.id = ANY($1) AND turn.state = 'running'`, [
      ids
    ])
  }

  /** Running turns with events that were stored a while ago and are not shown, or with a newer run than the followed one. */
  async findOrphans(): Promise<{ turnId: string; attempt: string }[]> {
    return this.dataSource.query<{ turnId: string; attempt: string }[]>(
      `SELECT turn.id AS "turnId", turn.attempt FROM plugin_lark_turn turn
       WHERE turn.state = 'running' AND EXISTS (
         SELECT 1 FROM plugin_lark_run_event event WHERE event.attempt = turn.attempt
           AND (event.sequence > turn.applied_sequence OR event.sequence = 1 AND event.enqueued_at > turn.run_started_at)
           AND event.received_at < now() - make_interval(secs => $1))`,
      [ORPHAN_SECONDS]
    )
  }

  /** Running turns of which nothing was heard for so long that the host must have forgotten their run. */
  async findLost(): Promise<{ turnId: string; attempt: string }[]> {
    return this.dataSource.query<{ turnId: string; attempt: string }[]>(
      `SELECT turn.id AS "turnId", turn.attempt FROM plugin_lark_turn turn
       LEFT JOIN LATERAL (SELECT max(received_at) AS at FROM plugin_lark_run_event WHERE attempt = turn.attempt) heard ON true
       WHERE turn.state = 'running' AND turn.dispatched_at IS NOT NULL
         AND coalesce(heard.at + make_interval(secs => $1), turn.dispatched_at + make_interval(secs => $2)) < now()`,
      [LOST_SECONDS, NEVER_STARTED_SECONDS]
    )
  }

  /** Closes an integration's open sessions and ends their turns; answers which turns. */
  async closeSessions(manager: EntityManager, integrationId: string, reason: string, now: Date): Promise<string[]> {
    await manager.query(
      `UPDATE plugin_lark_session SET closed_at = $2 WHERE integration_id = $1 AND closed_at IS NULL`,
      [integrationId, now]
    )
    const result = await manager.query<[{ id: string }[], number]>(
      `UPDATE plugin_lark_turn SET ${ENDED}, outcome = 'dropped', reason = $2, ended_at = $3
       WHERE state <> 'ended' AND session_id IN (SELECT id FROM plugin_lark_session WHERE integration_id = $1) RETURNING id`,
      [integrationId, reason, now]
    )
    return result[0].map((row) => row.id)
  }

  /** Locks the session, and remembers the conversation for its next turn. */
  async lockSession(
    manager: EntityManager,
    sessionId: string,
    conversationId: string | null,
    now: Date
  ): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_session SET last_activity_at = $3, conversation_id = coalesce($2, conversation_id) WHERE id = $1`,
      [sessionId, conversationId, now]
    )
  }

  /** False when the turn has ended already or runs under another attempt. */
  async end(
    manager: EntityManager,
    turn: { id: string; attempt: string },
    outcome: string,
    reason: string,
    now: Date
  ): Promise<boolean> {
    const result = await manager.query<[unknown[], number]>(
      `UPDATE plugin_lark_turn SET ${ENDED}, outcome = $3, reason = $4, ended_at = $5
       WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [turn.id, turn.attempt, outcome, reason, now]
    )
    return result[1] > 0
  }

  /** Starts the session's next waiting turn; null when there is none. */
  async startNext(manager: EntityManager, sessionId: string): Promise<RunningTurn | null> {
    const rows = await manager.query<[{ id: string }[], number]>(
      `UPDATE plugin_lark_turn SET state = 'running', deadline = now() + make_interval(secs => $2)
       WHERE id = (SELECT id FROM plugin_lark_turn WHERE session_id = $1 AND state = 'waiting' ORDER BY position LIMIT 1)
       RETURNING id`,
      [sessionId, DISPATCH_SECONDS]
    )
    const next = rows[0][0]
    if (!next) return null
    const turns = await manager.query<RunningTurn[]>(`${RUNNING_TURN} WHERE turn.id = $1`, [next.id])
    return turns[0] ?? null
  }
}
