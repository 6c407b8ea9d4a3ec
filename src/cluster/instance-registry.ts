import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { DataSource } from 'typeorm'
import { inTime, Log, SharedRound, STATEMENT_MS, within } from '../shared'

const HEARTBEAT_MS = 10_000

/** One that hangs has ended before the next one is due. */
const BEAT_MS = 5_000

/** Of what a stopping part has: the row is to go in any case. */
const STOP_MS = 4_000

/** Three heartbeats missed, and a little more. */
const LIVING_SECONDS = 35

/** Small: written whole with each heartbeat. Anything that JSON takes. */
type Figures = () => Record<string, unknown>

export interface LivingInstance {
  id: string
  hostName: string
  startedAt: Date
  /** By part; unchecked, another version may have written them. */
  figures: Record<string, unknown>
}

/** Who this process is, for as long as it lives. */
@Injectable()
export class InstanceIdentity {
  readonly id: string = randomUUID()
}

/** Keeps this process's row alive; a missed heartbeat is only logged, the next one comes anyway. */
@Injectable()
export class InstanceRegistry {
  private readonly log = new Log('cluster')
  private readonly reports = new Map<string, Figures>()
  private timer: NodeJS.Timeout | undefined
  private readonly beats = new SharedRound(() => this.beat(), this.log, 'heartbeat')
  private others = 0

  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: InstanceIdentity
  ) {}

  async start(): Promise<void> {
    if (this.timer) return
    this.timer = setInterval(() => void this.beats.run(), HEARTBEAT_MS)
    this.timer.unref()
    await this.beats.run()
  }

  /** Waits for the heartbeat under way, so that the row does not come back. */
  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.timer = undefined
    await within(STOP_MS, this.beats.stop())
    await this.dataSource
      .query(`DELETE FROM plugin_lark_instance WHERE id = $1`, [this.identity.id])
      .catch(() => undefined)
  }

  /** Lets every heartbeat carry a part's figures, by key. */
  report(part: string, figures: Figures): void {
    this.reports.set(part, figures)
  }

  /** What each other living process last wrote under one key of a part, if anything. */
  async othersOn(part: string, key: string): Promise<unknown[]> {
    const rows = await this.dataSource.query<{ figures: unknown }[]>(
      `SELECT counters -> $2::text -> $3::text AS figures FROM plugin_lark_instance
       WHERE id <> $1 AND heartbeat_at > now() - make_interval(secs => $4) AND counters -> $2::text -> $3::text IS NOT NULL`,
      [this.identity.id, part, key, LIVING_SECONDS]
    )
    return rows.map(({ figures }) => figures)
  }

  /**
   * The living processes, the oldest first, with what each says under one key of some parts; this one's figures are as of
   * now, the others' as of their last heartbeat.
   */
  async list(keys: Readonly<Record<string, string>> = {}): Promise<LivingInstance[]> {
    const rows = await this.dataSource.query<LivingInstance[]>(
      `SELECT id, coalesce(host_name, '-') AS "hostName", started_at AS "startedAt",
              coalesce((SELECT jsonb_object_agg(part, counters -> part -> key) FROM jsonb_each_text($1::jsonb) AS wanted (part, key)
                        WHERE counters -> part -> key IS NOT NULL), '{}') AS figures
       FROM plugin_lark_instance WHERE heartbeat_at > now() - make_interval(secs => $2) ORDER BY started_at, id`,
      [JSON.stringify(keys), LIVING_SECONDS]
    )
    const own = Object.entries(keys).map(([part, key]) => [part, this.reports.get(part)?.()[key]])
    // Through JSON, so that all of them are of one kind.
    const figures = JSON.parse(JSON.stringify(Object.fromEntries(own))) as LivingInstance['figures']
    return rows.map((row) => (row.id === this.identity.id ? { ...row, figures } : row))
  }

  /** How many processes live, this one included, as of the last look: a heartbeat, or `countLiving`. */
  get living(): number {
    return this.others + 1
  }

  /** How many processes live, this one included; asked for each second, so that nobody spends what another one has begun to. */
  async countLiving(): Promise<number> {
    const counting = this.dataSource.query<{ others: number }[]>(
      `SELECT count(*)::int AS others FROM plugin_lark_instance
       WHERE id <> $1 AND heartbeat_at > now() - make_interval(secs => $2)`,
      [this.identity.id, LIVING_SECONDS]
    )
    const [row] = await inTime(STATEMENT_MS, 'a count of instances', counting)
    this.others = row?.others ?? 0
    return this.living
  }

  private async beat(): Promise<void> {
    try {
      const counters = Object.fromEntries([...this.reports].map(([part, figures]) => [part, figures()]))
      const statement = this.dataSource.query<{ others: number }[]>(
        `WITH gone AS (DELETE FROM plugin_lark_instance WHERE heartbeat_at < now() - interval '1 day'),
         living AS (SELECT count(*)::int AS others FROM plugin_lark_instance
                    WHERE id <> $1 AND heartbeat_at > now() - make_interval(secs => $4))
         INSERT INTO plugin_lark_instance (id, host_name, started_at, heartbeat_at, counters)
         VALUES ($1, $2, now(), now(), $3)
         ON CONFLICT (id) DO UPDATE SET heartbeat_at = now(), counters = excluded.counters
         RETURNING (SELECT others FROM living)`,
        [this.identity.id, hostname(), JSON.stringify(counters), LIVING_SECONDS]
      )
      const rows = await inTime(BEAT_MS, 'a heartbeat', statement)
      this.others = rows[0]?.others ?? this.others
    } catch (error) {
      this.log.warn('heartbeat failed', { instance: this.identity.id }, error)
    }
  }
}
