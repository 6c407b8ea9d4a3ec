import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { isUuid, Log } from '../shared'

/** One Digital Expert beside another: no more there, a former version of it, neither; or the host does not say. */
export type XpertStanding = 'gone' | 'former' | 'other' | 'unknown'

/**
 * The host's own `xpert` table, read-only. Each version of an expert is a row with an id of its own; setting another one
 * as latest only moves the flag `latest`, and what is deleted is marked or removed.
 */
@Injectable()
export class XpertRows {
  private readonly log = new Log('host')

  constructor(private readonly dataSource: DataSource) {}

  /** How an expert stands to one of this tenant. Of a table in which the latter is not seen, nothing is believed. */
  async standing(id: string, beside: { id: string; tenantId: string }): Promise<XpertStanding> {
    if (!isUuid(beside.id)) return 'unknown'
    try {
      const [row] = await this.dataSource.query<{ gone: boolean; former: boolean | null }[]>(
        `SELECT one.id IS NULL OR one."deletedAt" IS NOT NULL AS gone,
                one.latest IS NOT TRUE AND one.type = beside.type AND one.slug = beside.slug
                  AND one."tenantId" = beside."tenantId"
                  AND one."organizationId" IS NOT DISTINCT FROM beside."organizationId"
                  AND one."workspaceId" IS NOT DISTINCT FROM beside."workspaceId" AS former
         FROM xpert AS beside LEFT JOIN xpert AS one ON one.id = $1::uuid
         WHERE beside.id = $2::uuid AND beside."tenantId"::text = $3 AND beside."deletedAt" IS NULL`,
        [isUuid(id) ? id : null, beside.id, beside.tenantId]
      )
      if (!row) return 'unknown'
      if (row.gone) return 'gone'
      return row.former ? 'former' : 'other'
    } catch (error) {
      this.log.warn('the versions of a Digital Expert could not be read', { xpert: id }, error)
      return 'unknown'
    }
  }

  /** Of these those that are certainly no more there: none where the host's table is another. */
  async gone(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const uuids = ids.filter(isUuid)
    try {
      const rows = await this.dataSource.query<{ id: string }[]>(
        `SELECT id::text AS id FROM xpert WHERE id = ANY($1::uuid[]) AND "deletedAt" IS NULL`,
        [uuids]
      )
      const there = new Set(rows.map(({ id }) => id))
      return new Set(ids.filter((id) => !there.has(id.toLowerCase())))
    } catch (error) {
      this.log.warn('Digital Experts could not be read', { count: uuids.length }, error)
      return new Set()
    }
  }
}
