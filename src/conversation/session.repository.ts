import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource, EntityManager } from 'typeorm'

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
  /** How many bots in a row have had a turn in this scope, this one included. */
  botTurns: number
  /** A turn of it waits for somebody's decision. */
  hasQuestion: boolean
}

const SCOPE = `integration_id = $1 AND scope_key = $2 AND xpert_id = $3 AND closed_at IS NULL`

/** Every statement over sessions. */
@Injectable()
export class SessionRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Opens the scope's session, or finds the open one, and locks it: turns of one session are made one at a time. One that was
   * idle for too long is closed by the same statement, first: the insert reads from it.
   */
  async open(
    manager: EntityManager,
    { scope, senderId, isBot, timeoutSeconds }: SessionVisit,
    now: Date
  ): Promise<OpenSession> {
    const rows = await manager.query<OpenSession[]>(
      `WITH idle AS (
         UPDATE plugin_lark_session SET closed_at = $11
         WHERE ${SCOPE} AND $13::int > 0 AND last_activity_at < $11::timestamptz - make_interval(secs => $13)
           AND NOT EXISTS (SELECT 1 FROM plugin_lark_turn turn WHERE turn.session_id = plugin_lark_session.id
                           AND turn.state IN ('window', 'waiting', 'running'))
         RETURNING bot_turns)
       INSERT INTO plugin_lark_session AS session (integration_id, scope_key, xpert_id, id, tenant_id, organization_id, chat_type,
                                                   chat_id, thread_id, sender_id, created_at, last_activity_at, bot_turns)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11,
              CASE WHEN $12 THEN former.bot_turns + 1 ELSE 0 END
       FROM (SELECT coalesce(max(bot_turns), 0) AS bot_turns FROM idle) AS former
       ON CONFLICT (integration_id, scope_key, xpert_id) WHERE closed_at IS NULL
       DO UPDATE SET last_activity_at = excluded.last_activity_at, sender_id = excluded.sender_id,
                     bot_turns = CASE WHEN $12 THEN session.bot_turns + 1 ELSE 0 END
       RETURNING id, conversation_id AS "conversationId", bot_turns AS "botTurns",
                 EXISTS (SELECT 1 FROM plugin_lark_turn turn WHERE turn.session_id = session.id AND turn.state = 'approval')
                   AS "hasQuestion"`,
      [
        scope.integrationId,
        scope.scopeKey,
        scope.xpertId,
        randomUUID(),
        scope.tenantId,
        scope.organizationId,
        scope.chatType,
        scope.chatId,
        scope.threadId ?? null,
        senderId,
        now,
        isBot,
        timeoutSeconds
      ]
    )
    return rows[0]!
  }

  /** The scope's open session, locked; null when there is none. */
  async find(manager: EntityManager, scope: SessionScope): Promise<{ id: string } | null> {
    const rows = await manager.query<{ id: string }[]>(`SELECT id FROM plugin_lark_session WHERE ${SCOPE} FOR UPDATE`, [
      scope.integrationId,
      scope.scopeKey,
      scope.xpertId
    ])
    return rows[0] ?? null
  }

  async close(manager: EntityManager, id: string, now: Date): Promise<void> {
    await manager.query(`UPDATE plugin_lark_session SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL`, [id, now])
  }

  /** A person spoke where bots may talk to each other: they may go on. */
  async humanSpoke(scope: SessionScope): Promise<void> {
    await this.dataSource.query(`UPDATE plugin_lark_session SET bot_turns = 0 WHERE ${SCOPE} AND bot_turns > 0`, [
      scope.integrationId,
      scope.scopeKey,
      scope.xpertId
    ])
  }

  /** Locks the session, and remembers the conversation for its next turn. */
  async lock(manager: EntityManager, id: string, conversationId: string | null, now: Date): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_session SET last_activity_at = $3, conversation_id = coalesce($2, conversation_id) WHERE id = $1`,
      [id, conversationId, now]
    )
  }

  /** Closes an integration's open sessions. */
  async closeAll(manager: EntityManager, integrationId: string, now: Date): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_session SET closed_at = $2 WHERE integration_id = $1 AND closed_at IS NULL`,
      [integrationId, now]
    )
  }
}
