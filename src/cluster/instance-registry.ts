import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { DataSource } from 'typeorm'
import { Log } from '../shared'

const HEARTBEAT_MS = 10_000

/** A living process has been heard of within three heartbeats. */
const ALIVE_SECONDS = 30

/** Who this process is, for as long as it lives. */
@Injectable()
export class InstanceIdentity {
  readonly id: string = randomUUID()
}

/** Keeps this process's row alive; a missed heartbeat is only logged, the next one comes anyway. */
@Injectable()
export class InstanceRegistry {
  private readonly log = new Log('cluster')
  private readonly counters: Record<string, number> = {}
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
    await this.dataSource.query(`DELETE FROM plugin_lark_instance WHERE id = $1`, [this.identity.id]).catch(() => undefined)
  }

  count(name: string, by = 1): void {
    this.counters[name] = (this.counters[name] ?? 0) + by
  }

  /** The counters of all living processes, added up, and how many there are. */
  async total(): Promise<{ instances: number; counters: Record<string, number> }> {
    const rows = await this.dataSource.query<{ counters: Record<string, number> }[]>(
      `SELECT counters FROM plugin_lark_instance WHERE heartbeat_at > now() - make_interval(secs => $1)`,
      [ALIVE_SECONDS]
    )
    const counters: Record<string, number> = {}
    for (const row of rows) {
      for (const [name, value] of Object.entries(row.counters)) counters[name] = (counters[name] ?? 0) + value
    }
    return { instances: rows.length, counters }
  }

  private async beat(): Promise<void> {
    try {
      await this.dataSource.query(
        `WITH gone AS (DELETE FROM plugin_lark_instance WHERE heartbeat_at < now() - interval '1 day')
         INSERT INTO plugin_lark_instance (id, host_name, started_at, heartbeat_at, counters) VALUES ($1, $2, now(), now(), $3)
         ON CONFLICT (id) DO UPDATE SET heartbeat_at = now(), counters = excluded.counters`,
        [this.identity.id, hostname(), JSON.stringify(this.counters)]
      )
    } catch (error) {
      this.log.warn('heartbeat failed', { instance: this.identity.id }, error)
    }
  }
}
