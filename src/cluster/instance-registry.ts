import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { DataSource } from 'typeorm'
import { Log } from '../shared'

const HEARTBEAT_MS = 10_000

/** Who this process is, for as long as it lives. */
@Injectable()
export class InstanceIdentity {
  readonly id: string = randomUUID()
}

/** Keeps this process's row alive; a missed heartbeat is only logged, the next one comes anyway. */
@Injectable()
export class InstanceRegistry {
  private readonly log = new Log('cluster')
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: InstanceIdentity
  ) {}

  async start(): Promise<void> {
    if (this.timer) return
    this.timer = setInterval(() => void this.beat(), HEARTBEAT_MS)
    this.timer.unref()
    await this.beat()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.timer = undefined
    await this.dataSource
      .query(`DELETE FROM plugin_lark_instance WHERE id = $1`, [this.identity.id])
      .catch(() => undefined)
  }

  private async beat(): Promise<void> {
    try {
      await this.dataSource.query(
        `WITH gone AS (DELETE FROM plugin_lark_instance WHERE heartbeat_at < now() - interval '1 day')
         INSERT INTO plugin_lark_instance (id, host_name, started_at, heartbeat_at) VALUES ($1, $2, now(), now())
         ON CONFLICT (id) DO UPDATE SET heartbeat_at = now()`,
        [this.identity.id, hostname()]
      )
    } catch (error) {
      this.log.warn('heartbeat failed', { instance: this.identity.id }, error)
    }
  }
}
