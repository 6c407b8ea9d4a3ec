import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'

/** What is older than so many events of the integration is not looked for: a type that never came would be looked for in all. */
const LOOKED_AT = 5_000

/** When events of one integration last came, by their type: for those who look for what is missing. */
@Injectable()
export class InboxActivity {
  constructor(private readonly dataSource: DataSource) {}

  async lastOf(integrationId: string, eventType: string): Promise<Date | null> {
    const rows = await this.dataSource.query<{ at: Date | null }[]>(
      `SELECT max(received_at) AS at FROM (
         SELECT event_type, received_at FROM plugin_lark_inbound_event
         WHERE integration_id = $1 ORDER BY received_at DESC LIMIT ${LOOKED_AT}) latest WHERE event_type = $2`,
      [integrationId, eventType]
    )
    return rows[0]?.at ?? null
  }
}
