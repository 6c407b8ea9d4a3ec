import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'

export interface ReceivedRow {
  payload: string
  turnId: string | null
}

export interface ReceivedScope {
  eventType: string
  integrationId: string
  chatId: string
  threadId: string | null
  /** Nothing from before this message, and only what names it; null for everything. Whose payload names it otherwise comes along. */
  rootId: string | null
  /** Null: everybody's. */
  senderId: string | null
  /** Only what came before the first of these messages. */
  before: readonly string[]
  /** Only what came later; null for everything. */
  since: Date | null
  /** Only what came after the first of these messages; empty for everything. */
  after: readonly string[]
}

/** Where the first of these messages stands in the order of acceptance. */
const firstOf = (messageIds: string): string =>
  `(SELECT min(position) FROM plugin_lark_inbound_event WHERE message_id = ANY(${messageIds}) AND integration_id = $1)`

/** What people wrote, as long as retention leaves it: payloads of handled events. */
@Injectable()
export class ReceivedMessages {
  constructor(private readonly dataSource: DataSource) {}

  /** The latest ones first. */
  recent(scope: ReceivedScope, limit: number): Promise<ReceivedRow[]> {
    return this.dataSource.query<ReceivedRow[]>(
      `SELECT payload, turn_id AS "turnId" FROM plugin_lark_inbound_event
       WHERE integration_id = $1 AND chat_id = $2 AND thread_id IS NOT DISTINCT FROM $3 AND event_type = $4
         AND payload IS NOT NULL AND ($7::text IS NULL OR sender_id = $7)
         AND ($8::timestamptz IS NULL OR received_at > $8) AND position < ${firstOf('$5')}
         AND position > coalesce(${firstOf('$10')}, 0) AND position >= coalesce(${firstOf('ARRAY[$9::varchar]')}, 0)
         AND ($9::varchar IS NULL OR strpos(payload, '"' || $9 || '"') > 0)
       ORDER BY position DESC LIMIT $6`,
      [
        scope.integrationId,
        scope.chatId,
        scope.threadId,
        scope.eventType,
        scope.before,
        limit,
        scope.senderId,
        scope.since,
        scope.rootId,
        scope.after
      ]
    )
  }

  async find(eventType: string, integrationId: string, messageId: string): Promise<ReceivedRow | null> {
    const rows = await this.dataSource.query<ReceivedRow[]>(
      `SELECT payload, turn_id AS "turnId" FROM plugin_lark_inbound_event
       WHERE message_id = $1 AND integration_id = $2 AND event_type = $3 AND payload IS NOT NULL LIMIT 1`,
      [messageId, integrationId, eventType]
    )
    return rows[0] ?? null
  }
}
