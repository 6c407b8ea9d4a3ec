import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { IntegrationListener } from '../settings'
import { Clock } from '../shared'

/** A removed integration takes its open sessions with it; they stay as history until retention. */
@Injectable()
export class SessionCleanup implements IntegrationListener {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock
  ) {}

  async integrationChanged(): Promise<void> {}

  async integrationRemoved(integrationId: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_session SET closed_at = $2 WHERE integration_id = $1 AND closed_at IS NULL`,
      [integrationId, this.clock.now()]
    )
  }
}
