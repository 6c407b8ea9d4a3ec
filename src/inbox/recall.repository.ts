import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'
import { ClaimedEvent } from './inbox-handler'
import { InboxState } from './inbox-state'

export interface RecalledRow {
  id: string
  state: InboxState
  turnId: string | null
}

/** The statements over the row of a message that was taken back. */
@Injectable()
export class RecallRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Drops the message of a recall where nobody works on it yet, and removes its payload wherever it is. A message that has not
   * come yet gets its row now: when it comes, it is a duplicate. Answers how its row stands.
   */
  async drop(recall: ClaimedEvent, messageId: string, now: Date): Promise<RecalledRow> {
    const rows = await this.dataSource.query<RecalledRow[]>(
      `INSERT INTO plugin_lark_inbound_event AS message (id, received_at, inbox_key, dedup_key, lane, event_type, payload, tenant_id,
         organization_id, integration_id, message_id, chat_id, state, reason, ended_at)
       SELECT gen_random_uuid(), $3, inbox_key, 'message:' || $2, lane, event_type, NULL, tenant_id, organization_id,
              integration_id, $2, chat_id, 'dropped', 'recalled', $3
       FROM plugin_lark_inbound_event WHERE id = $1
       ON CONFLICT (inbox_key, dedup_key) DO UPDATE SET
         payload = CASE WHEN message.state = 'claimed' THEN message.payload END,
         state = CASE WHEN message.state = 'received' THEN 'dropped' ELSE message.state END,
         reason = CASE WHEN message.state = 'received' THEN 'recalled' ELSE message.reason END,
         ended_at = CASE WHEN message.state = 'received' THEN $3 ELSE message.ended_at END
       RETURNING id, state, turn_id AS "turnId"`,
      [recall.id, messageId, now]
    )
    return rows[0]!
  }

  /** Ends one message of a turn that goes on without it. */
  async dropAttached(manager: EntityManager, id: string, now: Date): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_inbound_event SET state = 'dropped', reason = 'recalled', ended_at = $2, payload = NULL
       WHERE id = $1 AND state = 'attached'`,
      [id, now]
    )
  }
}
