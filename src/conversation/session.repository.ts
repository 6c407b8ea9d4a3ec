import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'
import { LET_GO } from '../shared'
import { Chat, ScopeIdentity } from './session-scope'
import { SessionVisit, SessionVisited, toVisited, VISIT, VisitRow, visitParameters } from './session-visit'

const SCOPE = `integration_id = $1 AND scope_key = $2 AND xpert_id = $3 AND closed_at IS NULL`

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
    return toVisited(await manager.query<VisitRow[]>(VISIT, visitParameters(visits, now)))
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
