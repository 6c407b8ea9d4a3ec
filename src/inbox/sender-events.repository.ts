import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { ClaimedEvent } from './inbox-handler'

/** What became of other events of the same sender in the same chat, for an order that is about them. */
@Injectable()
export class SenderEvents {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Whether an earlier message of the same person in the same chat has not been handled yet. Of the same inbox: which of an app's
   * integrations it is thought to belong to may have changed meanwhile.
   */
  async hasFormer({ id, chatId, senderId }: ClaimedEvent): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM plugin_lark_inbound_event former, plugin_lark_inbound_event own
       WHERE own.id = $1 AND former.inbox_key = own.inbox_key AND former.state IN ('received', 'claimed')
         AND former.chat_id = $2 AND former.sender_id = $3 AND former.position < own.position LIMIT 1`,
      [id, chatId, senderId]
    )
    return rows.length > 0
  }

  /** Whether anything of the same sender in the same chat was stopped since this event was accepted. The hour keeps the look short. */
  async hasStopped({ id, chatId, senderId }: ClaimedEvent): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM plugin_lark_inbound_event stopped, plugin_lark_inbound_event own
       WHERE own.id = $1 AND stopped.integration_id = own.integration_id AND stopped.chat_id = $2 AND stopped.sender_id = $3
         AND stopped.state = 'dropped' AND stopped.reason = 'stopped' AND stopped.ended_at >= own.received_at
         AND stopped.received_at > own.received_at - interval '1 hour' LIMIT 1`,
      [id, chatId, senderId]
    )
    return rows.length > 0
  }
}
