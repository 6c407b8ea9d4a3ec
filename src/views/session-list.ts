import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { containing } from '../directory'

export interface SessionRow {
  id: string
  chatType: string
  chatId: string
  chatName: string | null
  threadId: string | null
  senderId: string | null
  senderName: string | null
  xpertId: string
  conversationId: string | null
  updatedAt: Date
  isClosed: boolean
}

export interface SessionQuery {
  /** Whole ids, or a part of the name of the chat or the sender; each must fit. */
  words: readonly string[]
  /** Undefined: both. */
  isClosed?: boolean
  ascending?: boolean
  limit: number
  offset: number
}

/** $1 integration, $2 closed or not, $3 words, $4 patterns. */
const MATCHES = `session.integration_id = $1
  AND ($2::boolean IS NULL OR (session.closed_at IS NOT NULL) = $2)
  AND NOT EXISTS (SELECT 1 FROM unnest($3::text[], $4::text[]) AS wanted (word, pattern)
    WHERE NOT coalesce(wanted.word IN (session.chat_id, session.sender_id, session.thread_id, session.conversation_id,
                                       session.xpert_id, session.id::text), false)
      AND session.chat_id <> ALL (ARRAY(SELECT chat_id FROM plugin_lark_chat
                                        WHERE integration_id = $1 AND name ILIKE wanted.pattern))
      AND coalesce(session.sender_id, '') <> ALL (ARRAY(SELECT open_id FROM plugin_lark_user
                                                        WHERE integration_id = $1 AND name ILIKE wanted.pattern)))`

/** The Sessions tab's statements, read-only. */
@Injectable()
export class SessionList {
  constructor(private readonly dataSource: DataSource) {}

  page(integrationId: string, query: SessionQuery): Promise<SessionRow[]> {
    const direction = query.ascending ? 'ASC' : 'DESC'
    return this.dataSource.query<SessionRow[]>(
      `SELECT session.id, session.chat_type AS "chatType", session.chat_id AS "chatId", chat.name AS "chatName",
              session.thread_id AS "threadId", session.sender_id AS "senderId", person.name AS "senderName",
              session.xpert_id AS "xpertId", session.conversation_id AS "conversationId",
              session.last_activity_at AS "updatedAt", session.closed_at IS NOT NULL AS "isClosed"
       FROM (SELECT * FROM plugin_lark_session session WHERE ${MATCHES}
             ORDER BY last_activity_at ${direction}, id LIMIT $5 OFFSET $6) session
       LEFT JOIN plugin_lark_chat chat ON chat.integration_id = $1 AND chat.chat_id = session.chat_id
       LEFT JOIN plugin_lark_user person ON person.integration_id = $1 AND person.open_id = session.sender_id
       ORDER BY session.last_activity_at ${direction}, session.id`,
      [...conditions(integrationId, query), query.limit, query.offset]
    )
  }

  /** Up to `limit`. */
  async count(integrationId: string, query: SessionQuery, limit: number): Promise<number> {
    const rows = await this.dataSource.query<{ total: number }[]>(
      `SELECT count(*)::int AS total FROM (SELECT 1 FROM plugin_lark_session session WHERE ${MATCHES} LIMIT $5) AS counted`,
      [...conditions(integrationId, query), limit]
    )
    return rows[0]?.total ?? 0
  }
}

const conditions = (integrationId: string, { isClosed, words }: SessionQuery): unknown[] => [
  integrationId,
  isClosed ?? null,
  words,
  words.map(containing)
]
