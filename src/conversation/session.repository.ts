import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource, EntityManager } from 'typeorm'
import { LET_GO } from '../shared'

/** The conversation that a message belongs to. */
export interface SessionScope {
  integrationId: string
  tenantId: string
  organizationId: string | null
  scopeKey: string
  xpertId: string
  chatType: 'p2p' | 'group'
  chatId: string
  threadId?: string
}

/** What tells one scope from another. */
export type ScopeIdentity = Pick<SessionScope, 'integrationId' | 'scopeKey' | 'xpertId'>

/** A group as an expert's conversations see it, whatever their scopes. */
export type Chat = Pick<SessionScope, 'integrationId' | 'xpertId' | 'chatId'>

export interface SessionVisit {
  scope: SessionScope
  senderId: string
  isBot: boolean
  /** Idle longer than this, the scope gets a new session; 0 for never. */
  timeoutSeconds: number
}

export interface OpenSession {
  id: string
  conversationId: string | null
  /** The scope's session that was closed for it, because it was idle for too long. */
  formerId: string | null
}

export interface SessionVisited {
  /** Null where bots have talked to each other for too long. */
  session: OpenSession | null
  /** How many bots in a row have asked in this chat, this one included; 0 for a person. */
  botTurns: number
}

/** Two bots that answer each other would never end; a person's message lets them go on. */
export const MAX_BOT_TURNS = 10

const SCOPE = `integration_id = $1 AND scope_key = $2 AND xpert_id = $3 AND closed_at IS NULL`

/** A process that stands still in the middle of a transaction holds up the message of its own session, not all others. */
const LOCK_MS = 2_000

/**
 * `talk` before the sessions, each in one order: so no two of these statements wait for each other. `counted` is sorted, and
 * therefore complete before anything reads of it.
 */
const OPEN = `
  WITH visit AS (
    SELECT * FROM unnest($1::varchar[], $2::varchar[], $3::varchar[], $4::uuid[], $5::varchar[], $6::varchar[], $7::varchar[],
                         $8::varchar[], $9::varchar[], $10::varchar[], $11::boolean[], $12::int[]) WITH ORDINALITY
      AS visit (integration_id, scope_key, xpert_id, id, tenant_id, organization_id, chat_type, chat_id, thread_id, sender_id,
                is_bot, timeout_seconds, place), (SELECT set_config('lock_timeout', '${LOCK_MS}', true), ${LET_GO}) AS limits),
  talk AS (
    INSERT INTO plugin_lark_bot_talk AS talk (integration_id, chat_id, xpert_id, turns)
    SELECT integration_id, chat_id, xpert_id, is_bot::int FROM visit
    WHERE is_bot OR EXISTS (SELECT 1 FROM plugin_lark_bot_talk former WHERE former.integration_id = visit.integration_id
                            AND former.chat_id = visit.chat_id AND former.xpert_id = visit.xpert_id AND former.turns > 0)
    ORDER BY integration_id, chat_id, xpert_id
    ON CONFLICT (integration_id, chat_id, xpert_id)
    DO UPDATE SET turns = CASE WHEN excluded.turns > 0 THEN talk.turns + 1 ELSE 0 END, counted_at = now()
    RETURNING *),
  counted AS (
    SELECT visit.*, coalesce(turns, 0) AS bot_turns, coalesce(turns, 0) <= ${MAX_BOT_TURNS} AS is_allowed
    FROM visit LEFT JOIN talk USING (integration_id, chat_id, xpert_id) ORDER BY place),
  idle AS (
    UPDATE plugin_lark_session session SET closed_at = $13 FROM counted AS visit
    WHERE session.integration_id = visit.integration_id AND session.scope_key = visit.scope_key
      AND session.xpert_id = visit.xpert_id AND session.closed_at IS NULL
      AND visit.is_allowed AND visit.timeout_seconds > 0
      AND session.last_activity_at < $13::timestamptz - make_interval(secs => visit.timeout_seconds)
      AND NOT EXISTS (SELECT 1 FROM plugin_lark_turn turn WHERE turn.session_id = session.id
                      AND turn.state IN ('window', 'waiting', 'running'))
    RETURNING visit.place, session.id),
  opened AS (
    INSERT INTO plugin_lark_session AS session (integration_id, scope_key, xpert_id, id, tenant_id, organization_id, chat_type,
                                                chat_id, thread_id, sender_id, created_at, last_activity_at)
    SELECT integration_id, scope_key, xpert_id, visit.id, tenant_id, organization_id, chat_type, chat_id, thread_id, sender_id,
           $13, $13
    FROM counted AS visit LEFT JOIN idle USING (place) WHERE is_allowed ORDER BY integration_id, scope_key, xpert_id
    ON CONFLICT (integration_id, scope_key, xpert_id) WHERE closed_at IS NULL
    DO UPDATE SET last_activity_at = excluded.last_activity_at, sender_id = excluded.sender_id
    RETURNING *)
  SELECT visit.place::int AS place, opened.id, conversation_id AS "conversationId", visit.bot_turns AS "botTurns",
         (SELECT id FROM idle WHERE idle.place = visit.place) AS "formerId"
  FROM counted AS visit LEFT JOIN opened USING (integration_id, scope_key, xpert_id)`

interface VisitRow extends Omit<OpenSession, 'id'> {
  place: number
  botTurns: number
  id: string | null
}

/** The ordinary way of sessions: opened, found, locked, closed. What an admin does to one is in `SessionControl`, their deletion in `HistoryRepository`. */
@Injectable()
export class SessionRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Opens each scope's session, or finds the open one, and locks it: turns of one session are made one at a time. The scopes are
   * of different chats, and are locked in one order everywhere; a lock that can not be had in 2 s is PostgreSQL's error 55P03. A
   * session that was idle for too long is closed by the same statement, first: the insert reads from it. Bots that ask are
   * counted for their chat, and start at 0 where a person speaks; too many of them open nothing. Answers in the order of the
   * visits.
   */
  async open(manager: EntityManager, visits: readonly SessionVisit[], now: Date): Promise<SessionVisited[]> {
    const of = <T>(value: (visit: SessionVisit) => T): T[] => visits.map(value)
    const rows = await manager.query<VisitRow[]>(OPEN, [
      of(({ scope }) => scope.integrationId),
      of(({ scope }) => scope.scopeKey),
      of(({ scope }) => scope.xpertId),
      of(() => randomUUID()),
      of(({ scope }) => scope.tenantId),
      of(({ scope }) => scope.organizationId),
      of(({ scope }) => scope.chatType),
      of(({ scope }) => scope.chatId),
      of(({ scope }) => scope.threadId ?? null),
      of(({ senderId }) => senderId),
      of(({ isBot }) => isBot),
      of(({ timeoutSeconds }) => timeoutSeconds),
      now
    ])
    const visited = new Map(
      rows.map(({ place, botTurns, id, ...session }) => [place, { botTurns, session: id ? { id, ...session } : null }])
    )
    return visits.map((_, index) => visited.get(index + 1)!)
  }

  /** The scope's open session, locked; null when there is none. */
  async find(manager: EntityManager, scope: ScopeIdentity): Promise<{ id: string } | null> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT id FROM (SELECT ${LET_GO}) AS limits, plugin_lark_session session WHERE ${SCOPE} FOR UPDATE OF session`,
      [scope.integrationId, scope.scopeKey, scope.xpertId]
    )
    return rows[0] ?? null
  }

  /** A chat's sessions in which a person's messages are collected, former ones too; locked in the order of `open`. */
  async collecting(manager: EntityManager, chat: Chat, senderId: string): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT session.id FROM (SELECT ${LET_GO}) AS limits, plugin_lark_session session
       WHERE integration_id = $1 AND xpert_id = $2 AND chat_id = $3 AND EXISTS (
         SELECT 1 FROM plugin_lark_turn turn
         WHERE turn.session_id = session.id AND turn.sender_id = $4 AND turn.state = 'window')
       ORDER BY integration_id, scope_key, xpert_id, created_at FOR UPDATE OF session`,
      [chat.integrationId, chat.xpertId, chat.chatId, senderId]
    )
    return rows.map(({ id }) => id)
  }

  /** Somebody begins anew: the session is over, and what was said until now with it. */
  async leave(manager: EntityManager, id: string, now: Date): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_session SET closed_at = $2, left_at = $2 WHERE id = $1 AND closed_at IS NULL`,
      [id, now]
    )
  }

  /** The same where the scope's last session is over already. */
  async leaveLast(manager: EntityManager, scope: ScopeIdentity, now: Date): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_session SET left_at = $4 WHERE id = (
         SELECT id FROM plugin_lark_session
         WHERE integration_id = $1 AND scope_key = $2 AND xpert_id = $3 AND closed_at IS NOT NULL
         ORDER BY last_activity_at DESC LIMIT 1)
       AND NOT EXISTS (SELECT 1 FROM plugin_lark_session
                       WHERE integration_id = $1 AND scope_key = $2 AND xpert_id = $3 AND closed_at IS NULL)`,
      [scope.integrationId, scope.scopeKey, scope.xpertId, now]
    )
  }

  /** The scope of a session, and when somebody last began anew in it before the session; with another expert, too. */
  async scopeOf(sessionId: string): Promise<{ scopeKey: string; leftAt: Date | null } | null> {
    const rows = await this.dataSource.query<{ scopeKey: string; leftAt: Date | null }[]>(
      `SELECT own.scope_key AS "scopeKey", max(former.left_at) AS "leftAt"
       FROM plugin_lark_session own LEFT JOIN plugin_lark_session former
         ON former.integration_id = own.integration_id AND former.scope_key = own.scope_key AND former.closed_at IS NOT NULL
         AND former.id <> own.id AND former.created_at <= own.created_at
       WHERE own.id = $1 GROUP BY own.id`,
      [sessionId]
    )
    return rows[0] ?? null
  }

  /** A person spoke in a chat where bots may talk to each other: they may go on. */
  async humanSpoke({ integrationId, chatId, xpertId }: Chat): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_bot_talk SET turns = 0 WHERE integration_id = $1 AND chat_id = $2 AND xpert_id = $3 AND turns > 0`,
      [integrationId, chatId, xpertId]
    )
  }

  /** Nobody counts the bots of an integration that is gone. */
  async forgetBots(manager: EntityManager, integrationId: string): Promise<void> {
    await manager.query(`DELETE FROM plugin_lark_bot_talk WHERE integration_id = $1`, [integrationId])
  }

  /** Whoever changes a session's turns does it under this lock. */
  async lock(manager: EntityManager, id: string): Promise<void> {
    await manager.query(
      `SELECT 1 FROM (SELECT ${LET_GO}) AS limits, plugin_lark_session session WHERE id = $1 FOR UPDATE OF session`,
      [id]
    )
  }

  /**
   * Locks the session in which something was said or ended, so that it lasts on, and remembers the conversation for its next turn;
   * null where nothing was learnt of it.
   */
  async noteActivity(manager: EntityManager, id: string, conversationId: string | null, now: Date): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_session SET last_activity_at = $3, conversation_id = coalesce($2, conversation_id),
              refused_runs = CASE WHEN $2 IS NULL THEN refused_runs ELSE 0 END
       FROM (SELECT ${LET_GO}) AS limits WHERE id = $1`,
      [id, conversationId, now]
    )
  }

  /** The next turn of a locked session begins a new conversation, unless it has another one by now. */
  async forsake(manager: EntityManager, id: string, conversationId: string): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_session SET conversation_id = NULL, forsaken_at = now(), refused_runs = 0
       WHERE id = $1 AND conversation_id = $2`,
      [id, conversationId]
    )
  }

  /** The host refused a run that was to go on with the conversation of a locked session. */
  async noteRefusal(manager: EntityManager, id: string, conversationId: string): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_session SET refused_runs = refused_runs + 1 WHERE id = $1 AND conversation_id = $2`,
      [id, conversationId]
    )
  }

  /** Integrations of which something is kept that goes with them: open sessions, counts of bots. */
  async integrations(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT DISTINCT integration_id AS id FROM plugin_lark_session WHERE closed_at IS NULL
       UNION SELECT DISTINCT integration_id FROM plugin_lark_bot_talk`
    )
    return rows.map(({ id }) => id)
  }

  /** Closes an integration's open sessions. */
  async closeAll(manager: EntityManager, integrationId: string, now: Date): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_session SET closed_at = $2 WHERE integration_id = $1 AND closed_at IS NULL`,
      [integrationId, now]
    )
  }
}
