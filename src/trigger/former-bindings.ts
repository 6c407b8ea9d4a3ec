import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { SingletonJobs } from '../cluster'
import { XpertRows } from '../host'
import { isObject, JsonObject, Log, parseJson, RoundLoop, textOf } from '../shared'

/** The table of the public plugin of the same name. It is read once and never changed. */
const TABLE = 'plugin_lark_trigger_binding'
const JOB = 'former-bindings'
/** Once: what is unpublished later must not come back. */
const NEVER_AGAIN_SECONDS = 100 * 365 * 24 * 3600
/** Until the next try, here or instead of an instance that died at it. */
const AGAIN_MS = 5_000

/** Columns of the row itself; every other one is a setting of the trigger. */
const OWN_COLUMNS = new Set(
  [
    'id',
    'integrationId',
    'xpertId',
    'tenantId',
    'organizationId',
    'createdById',
    'updatedById',
    'createdAt',
    'updatedAt'
  ].flatMap((name) => [name, name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)])
)
const CONFIG_COLUMNS = ['config', 'options', 'settings']

export interface FormerBinding {
  integrationId: string
  xpertId: string
  config: JsonObject
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())

/**
 * One row of whatever version wrote it: columns in either spelling, settings as columns of their own or in one JSON column.
 * Null for a row that names no integration or no expert.
 */
export const readFormerBinding = (row: JsonObject): FormerBinding | null => {
  const integrationId = textOf(row['integrationId']) ?? textOf(row['integration_id'])
  const xpertId = textOf(row['xpertId']) ?? textOf(row['xpert_id'])
  if (!integrationId || !xpertId) return null
  const config: JsonObject = {}
  for (const [column, value] of Object.entries(row)) {
    if (value === null || OWN_COLUMNS.has(column)) continue
    const nested = typeof value === 'string' ? parseJson(value) : value
    if (CONFIG_COLUMNS.includes(column) && isObject(nested)) Object.assign(config, nested)
    else config[camel(column)] = value
  }
  return { integrationId, xpertId, config: { ...config, integrationId } }
}

/**
 * Lets the experts that were published with the public plugin go on answering: at the first start on its database its
 * bindings become ours, unless the integration is bound already, or the expert is gone. The integration's own row says
 * whose it is.
 */
@Injectable()
export class FormerBindings {
  private readonly log = new Log('trigger')
  private readonly rounds = new RoundLoop(() => this.round(), AGAIN_MS, this.log, JOB)
  private isStopped = false

  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: SingletonJobs,
    private readonly experts: XpertRows
  ) {}

  /** Resolves after the first try, so that what comes then finds its binding; further ones follow until some instance has done it. */
  async start(): Promise<void> {
    if (!(await this.tryOnce()) && !this.isStopped) this.rounds.start()
  }

  stop(): Promise<void> {
    this.isStopped = true
    return this.rounds.stop()
  }

  private async round(): Promise<void> {
    // Not waited for: it waits for this round.
    if (await this.tryOnce()) void this.rounds.stop()
  }

  /** Whether nothing is left to do. */
  private async tryOnce(): Promise<boolean> {
    try {
      return await this.takeOver()
    } catch (error) {
      this.log.warn('bindings of the former plugin could not be taken over yet', {}, error)
      return false
    }
  }

  /** False while another instance is at it. */
  private async takeOver(): Promise<boolean> {
    const lease = await this.jobs.take(JOB, NEVER_AGAIN_SECONDS)
    if (!lease) return this.jobs.wasDone(JOB)
    let isDone = false
    try {
      const rows = await this.rows()
      const bindings = rows.map(readFormerBinding).filter((binding) => binding !== null)
      const gone = await this.experts.gone(bindings.map(({ xpertId }) => xpertId))
      let taken = 0
      for (const binding of bindings) {
        if (gone.has(binding.xpertId)) this.leave(binding)
        else taken += await this.take(binding)
      }
      if (rows.length > 0) this.log.info('bindings of the former plugin were taken over', { taken, found: rows.length })
      isDone = true
    } finally {
      await this.jobs.giveBack(lease, isDone)
    }
    return isDone
  }

  private async rows(): Promise<JsonObject[]> {
    const [table] = await this.dataSource.query<{ name: string | null }[]>(`SELECT to_regclass($1)::text AS name`, [
      TABLE
    ])
    if (!table?.name) return []
    const rows = await this.dataSource.query<{ row: JsonObject }[]>(
      `SELECT to_jsonb(former) AS row FROM ${TABLE} AS former`
    )
    return rows.map(({ row }) => row)
  }

  private leave({ integrationId, xpertId }: FormerBinding): void {
    this.log.warn('a former binding is left, its expert is gone', { integration: integrationId, xpert: xpertId })
  }

  private async take({ integrationId, xpertId, config }: FormerBinding): Promise<number> {
    const taken = await this.dataSource.query<unknown[]>(
      `INSERT INTO plugin_lark_binding (integration_id, xpert_id, tenant_id, organization_id, config, published_at)
       SELECT id::text, $2, "tenantId"::text, "organizationId"::text, $3, now()
       FROM integration WHERE id::text = $1 AND provider = 'lark'
       ON CONFLICT (integration_id) DO NOTHING RETURNING integration_id`,
      [integrationId, xpertId, JSON.stringify(config)]
    )
    return taken.length
  }
}
