import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'

/** Who waits for an answer, or for a decision: a row stays open for as long as the turn that answers it. */
@Injectable()
export class UnsettledSenders {
  constructor(private readonly dataSource: DataSource) {}

  async of(integrationId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT DISTINCT sender_id AS id FROM plugin_lark_inbound_event
       WHERE integration_id = $1 AND state IN ('received', 'claimed', 'attached') AND sender_id IS NOT NULL`,
      [integrationId]
    )
    return rows.map(({ id }) => id)
  }
}
