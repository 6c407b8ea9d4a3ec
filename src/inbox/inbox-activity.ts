import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'

/** When events of one integration last came, by their type: for those who look for what is missing. */
@Injectable()
export class InboxActivity {
  constructor(private readonly dataSource: DataSource) {}

  async lastOf(integrationId: string, eventType: string): Promise<Date | null> {
    const rows = await this.dataSource.query<{ at: Date }[]>(
      `SELECT received_at AS at FROM plugin_lark_inbound_event
       WHERE integration_id = $1 AND event_type = $2 ORDER BY received_at DESC LIMIT 1`,
      [integrationId, eventType]
    )
    return rows[0]?.at ?? null
  }
}
