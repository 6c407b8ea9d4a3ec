import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { containing } from '../directory'
import { isNamed, MOST_WORDS } from './named-rows'

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

/** The word itself is an id of the session, or a part of the name of its chat or sender. */
const wordIs = (word: string, pattern: string): string =>
  `(${word} IN (session.chat_id, session.sender_id, session.thread_id, session.conversation_id, session.xpert_id, session.id::text)
    OR ${isNamed('session', pattern)})`

/** $1 integration, $2 closed or not, then two for each word. */
const conditions = (integrationId: string, { isClosed, words }: SessionQuery): { where: string; values: unknown[] } => {
  const values: unknown[] = [integrationId, isClosed ?? null]
  const clauses = words.slice(0, MOST_WORDS).map((word) => {
    values.push(word, containing(word))
    return ` AND ${wordIs(`$${values.length - 1}`, `$${values.length}`)}`
  })
  const base = `session.integration_id = $1 AND ($2::boolean IS NULL OR (session.closed_at IS NOT NULL) = $2)`
  return { where: base + clauses.join(''), values }
}

/** The Sessions tab's statements, read-only. */
@Injectable()
export class SessionList {
  constructor(private readonly dataSource: DataSource) {}

  page(integrationId: string, query: SessionQuery): Promise<SessionRow[]> {
    const direction = query.ascending ? 'ASC' : 'DESC'
    const { where, values } = conditions(integrationId, query)
    const place = values.length
    return this.dataSource.query<SessionRow[]>(
      `SELECT session.id, session.chat_type AS "chatType", session.chat_id AS "chatId", chat.name AS "chatName",
              session.thread_id AS "threadId", session.sender_id AS "senderId", person.name AS "senderName",
              session.xpert_id AS "xpertId", session.conversation_id AS "conversationId",
              session.last_activity_at AS "updatedAt", session.closed_at IS NOT NULL AS "isClosed"
       FROM (SELECT * FROM plugin_lark_session session WHERE ${where}
             ORDER BY last_activity_at ${direction}, id LIMIT $${place + 1} OFFSET $${place + 2}) session
       LEFT JOIN plugin_lark_chat chat ON chat.integration_id = $1 AND chat.chat_id = session.chat_id
       LEFT JOIN plugin_lark_user person ON person.integration_id = $1 AND person.open_id = session.sender_id
       ORDER BY session.last_activity_at ${direction}, session.id`,
      [...values, query.limit, query.offset]
    )
  }

  /** Up to `limit`. */
  async count(integrationId: string, query: SessionQuery, limit: number): Promise<number> {
    const { where, values } = conditions(integrationId, query)
    const rows = await this.dataSource.query<{ total: number }[]>(
      `SELECT count(*)::int AS total
       FROM (SELECT 1 FROM plugin_lark_session session WHERE ${where} LIMIT $${values.length + 1}) AS counted`,
      [...values, limit]
    )
    return rows[0]?.total ?? 0
  }
}
