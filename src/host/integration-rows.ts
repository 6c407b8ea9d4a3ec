import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { isUuid } from '../shared'

export interface IntegrationRow {
  id: string
  tenantId: string
  organizationId: string | null
  updatedAt: Date
}

/** Whose an integration is; a tenant of null has none. */
interface RowOwner {
  tenantId: string | null
  organizationId: string | null
}

/**
 * The host's own `integration` table, read-only: its `findAll` is scoped by a request context and answers an empty list
 * on an error, so it can not tell a background round which integrations exist. Here an error is an error.
 */
@Injectable()
export class IntegrationRows {
  constructor(private readonly dataSource: DataSource) {}

  list(): Promise<IntegrationRow[]> {
    return this.dataSource.query<IntegrationRow[]>(
      `SELECT id::text AS id, "tenantId"::text AS "tenantId", "organizationId"::text AS "organizationId", "updatedAt"
       FROM integration WHERE provider = 'lark' ORDER BY id`
    )
  }

  /** What of these is a Lark integration, and a text that changes with every write of the row. */
  async versions(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.dataSource.query<{ id: string; version: string }[]>(
      `SELECT id::text AS id, "updatedAt"::text AS version FROM integration
       WHERE id::text = ANY($1) AND provider = 'lark'`,
      [ids]
    )
    return new Map(rows.map(({ id, version }) => [id, version]))
  }

  /** Whether there is a Lark integration with this UUID, which the host's `read` does not tell from its own errors. */
  async has(id: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM integration WHERE id = $1 AND provider = 'lark'`,
      [id]
    )
    return rows.length > 0
  }

  /** Whether there is a Lark integration with this id, of this tenant and organisation. */
  async isOwn(id: string, { tenantId, organizationId }: RowOwner): Promise<boolean> {
    if (tenantId === null || !isUuid(id)) return false
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM integration WHERE id = $1 AND provider = 'lark' AND "tenantId"::text = $2
         AND "organizationId"::text IS NOT DISTINCT FROM $3`,
      [id, tenantId, organizationId]
    )
    return rows.length > 0
  }

  /** Of these UUIDs those that are a Lark integration: one that is not returned is certainly gone. */
  async existing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id::text AS id FROM integration WHERE id = ANY ($1::uuid[]) AND provider = 'lark'`,
      [ids]
    )
    return new Set(rows.map(({ id }) => id))
  }
}
