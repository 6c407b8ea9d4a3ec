import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'
import { letGo } from '../shared'
import { ClaimedEvent } from './inbox-handler'
import { InboxState } from './inbox-state'
import { MOST_REPETITIONS } from './inbox.repository'

export interface RecalledRow {
  id: string
  state: InboxState
  turnId: string | null
}

/** Where nobody works on a row yet it ends; the payload goes wherever it is, but under somebody's hands. */
const DROPPED = `
  payload = CASE WHEN message.state = 'claimed' THEN message.payload END,
  state = CASE WHEN message.state = 'received' THEN 'dropped' ELSE message.state END,
  reason = CASE WHEN message.state = 'received' THEN 'recalled' ELSE message.reason END,
  ended_at = CASE WHEN message.state = 'received' THEN $3 ELSE message.ended_at END`

const REPETITIONS = Array.from({ length: MOST_REPETITIONS }, (_, index) => index + 1)

/** The statements over the rows of a message that was taken back: its own, and those of an admin who had it answered again. */
@Injectable()
export class RecallRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Drops the message of a recall where nobody works on it yet, and removes its payload wherever it is. A message that has not
   * come yet gets its row now: when it comes, it is a duplicate. Answers how its rows stand.
   */
  async drop(recall: ClaimedEvent, messageId: string, now: Date): Promise<RecalledRow[]> {
    return this.dataSource.transaction(async (manager) => {
      await letGo(manager)
      // An admin has it answered again at this moment: the new row is there to be dropped, or never will be.
      await manager.query(
        `SELECT 1 FROM plugin_lark_inbound_event message, plugin_lark_inbound_event recall
         WHERE recall.id = $1 AND message.inbox_key = recall.inbox_key AND message.dedup_key = 'message:' || $2
         FOR UPDATE OF message`,
        [recall.id, messageId]
      )
      return this.dropLocked(manager, recall, messageId, now)
    })
  }

  private dropLocked(
    manager: EntityManager,
    recall: ClaimedEvent,
    messageId: string,
    now: Date
  ): Promise<RecalledRow[]> {
    return manager.query<RecalledRow[]>(
      `WITH own AS (
         INSERT INTO plugin_lark_inbound_event AS message (id, received_at, inbox_key, dedup_key, lane, event_type, payload, tenant_id,
           organization_id, integration_id, message_id, chat_id, state, reason, ended_at)
         SELECT gen_random_uuid(), $3, inbox_key, 'message:' || $2, lane, event_type, NULL, tenant_id, organization_id,
                integration_id, $2, chat_id, 'dropped', 'recalled', $3
         FROM plugin_lark_inbound_event WHERE id = $1
         ON CONFLICT (inbox_key, dedup_key) DO UPDATE SET ${DROPPED}
         RETURNING id, state, turn_id),
       again AS (
         UPDATE plugin_lark_inbound_event message SET ${DROPPED}
         FROM plugin_lark_inbound_event recall
         WHERE recall.id = $1 AND message.inbox_key = recall.inbox_key AND message.dedup_key = ANY ($4)
         RETURNING message.id, message.state, message.turn_id)
       SELECT id, state, turn_id AS "turnId" FROM own UNION ALL SELECT id, state, turn_id FROM again`,
      [recall.id, messageId, now, REPETITIONS.map((number) => `message:${messageId}#${number}`)]
    )
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
