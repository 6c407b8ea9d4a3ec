import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { isUuid, Log } from '../shared'

/** Names of Digital Experts in the host's own `xpert` table, read-only: no permission service tells them. */
@Injectable()
export class XpertNames {
  private readonly log = new Log('host')

  constructor(private readonly dataSource: DataSource) {}

  /** By id, within one tenant. An unknown one is missing; a host whose table is another gives none at all. */
  async of(tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const uuids = [...new Set(ids)].filter(isUuid)
    if (uuids.length === 0) return new Map()
    try {
      const rows = await this.dataSource.query<{ id: string; name: string | null }[]>(
        `SELECT id::text AS id, name FROM xpert WHERE id = ANY($1::uuid[]) AND "tenantId"::text = $2`,
        [uuids, tenantId]
      )
      return new Map(rows.flatMap(({ id, name }) => (name ? [[id, name] as const] : [])))
    } catch (error) {
      this.log.warn('names of Digital Experts could not be read', { count: uuids.length }, error)
      return new Map()
    }
  }
}
