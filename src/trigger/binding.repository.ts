import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { GroupedQueue, STATEMENT_MS } from '../shared'

const MAX_GROUP = 50

export interface Binding {
  integrationId: string
  xpertId: string
  tenantId: string
  organizationId: string | null
  config: Record<string, unknown>
}

/** Which expert holds an integration, as it was looked at: `revision` is another one after every write of the row. */
export interface BindingHolder {
  xpertId: string
  revision: string
}

const BINDING = `
  SELECT integration_id AS "integrationId", xpert_id AS "xpertId", tenant_id AS "tenantId",
         organization_id AS "organizationId", config
  FROM plugin_lark_binding`

/** Bindings: publish and stop on one instance reach all of them through this table. Those of the public plugin come by `FormerBindings`. */
@Injectable()
export class BindingRepository {
  private readonly lookUps = new GroupedQueue<string, Binding | null>((ids) => this.findAll(ids), MAX_GROUP, {
    limitMs: STATEMENT_MS
  })

  constructor(private readonly dataSource: DataSource) {}

  /** As it is now: the statement begins after the call, though others who ask meanwhile share it. */
  find(integrationId: string): Promise<Binding | null> {
    return this.lookUps.add(integrationId)
  }

  async holder(integrationId: string): Promise<BindingHolder | null> {
    const [holder] = await this.dataSource.query<BindingHolder[]>(
      `SELECT xpert_id AS "xpertId", xmin::text AS revision FROM plugin_lark_binding WHERE integration_id = $1`,
      [integrationId]
    )
    return holder ?? null
  }

  /** All bindings of one organisation: few, and read only when an event's own integration has none. */
  async ofOrganization(tenantId: string, organizationId: string | null): Promise<Binding[]> {
    return this.dataSource.query<Binding[]>(
      `${BINDING} WHERE tenant_id = $1 AND organization_id IS NOT DISTINCT FROM $2 ORDER BY integration_id`,
      [tenantId, organizationId]
    )
  }

  async boundIntegrations(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(`SELECT integration_id AS id FROM plugin_lark_binding`)
    return rows.map((row) => row.id)
  }

  /**
   * False, and nothing is changed, when the integration is bound to another expert. `replaced` is one that has to go: it
   * does where its row is still as it was looked at, so that nobody who publishes meanwhile is overtaken.
   */
  async publish(binding: Binding, now: Date, replaced: BindingHolder | null = null): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH bound AS (
         INSERT INTO plugin_lark_binding AS binding (integration_id, xpert_id, tenant_id, organization_id, config, published_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (integration_id) DO UPDATE
           SET xpert_id = excluded.xpert_id, config = excluded.config, published_at = excluded.published_at
         WHERE binding.xpert_id = excluded.xpert_id OR (binding.xpert_id = $7 AND binding.xmin::text = $8)
         RETURNING integration_id),
       former AS (DELETE FROM plugin_lark_binding WHERE xpert_id = $2 AND integration_id <> $1 AND EXISTS (SELECT 1 FROM bound))
       SELECT integration_id FROM bound`,
      [
        binding.integrationId,
        binding.xpertId,
        binding.tenantId,
        binding.organizationId,
        JSON.stringify(binding.config),
        now,
        replaced?.xpertId ?? null,
        replaced?.revision ?? null
      ]
    )
    return rows.length > 0
  }

  async stop(xpertId: string): Promise<void> {
    await this.dataSource.query(`DELETE FROM plugin_lark_binding WHERE xpert_id = $1`, [xpertId])
  }

  async removeIntegration(integrationId: string): Promise<void> {
    await this.dataSource.query(`DELETE FROM plugin_lark_binding WHERE integration_id = $1`, [integrationId])
  }

  private async findAll(ids: readonly string[]): Promise<(Binding | null)[]> {
    const rows = await this.dataSource.query<Binding[]>(`${BINDING} WHERE integration_id = ANY($1)`, [
      [...new Set(ids)]
    ])
    const found = new Map(rows.map((binding) => [binding.integrationId, binding]))
    return ids.map((id) => found.get(id) ?? null)
  }
}
