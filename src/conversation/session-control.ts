import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { Clock, isUuid } from '../shared'

/** What an admin does with a session of an integration. */
@Injectable()
export class SessionControl {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock
  ) {}

  /** Its scope's next message opens a new one; what is being answered in this one is answered. */
  async close(integrationId: string, sessionId: string): Promise<'closed' | 'was_closed' | 'unknown'> {
    if (!isUuid(sessionId)) return 'unknown'
    const rows = await this.dataSource.query<{ isClosed: boolean; isNew: boolean }[]>(
      `WITH closed AS (UPDATE plugin_lark_session SET closed_at = $3
                       WHERE id = $1 AND integration_id = $2 AND closed_at IS NULL RETURNING id)
       SELECT closed_at IS NOT NULL AS "isClosed", EXISTS (SELECT 1 FROM closed) AS "isNew"
       FROM plugin_lark_session WHERE id = $1 AND integration_id = $2`,
      [sessionId, integrationId, this.clock.now()]
    )
    const found = rows[0]
    if (!found) return 'unknown'
    return found.isNew ? 'closed' : 'was_closed'
  }
}
