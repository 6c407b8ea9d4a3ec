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
  /** Null: everybody's. */
  senderId: string | null
  /** Only what came before the first of these messages. */
  before: readonly string[]
  /** Only what came later; null for everything. */
  since: Date | null
}

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
         AND ($8::timestamptz IS NULL OR received_at > $8) AND position < (
           SELECT min(position) FROM plugin_lark_inbound_event WHERE message_id = ANY($5) AND integration_id = $1)
       ORDER BY position DESC LIMIT $6`,
      [
        scope.integrationId,
        scope.chatId,
        scope.threadId,
        scope.eventType,
        scope.before,
        limit,
        scope.senderId,
        scope.since
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
