import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'

/** How somebody became known; what is said about a person who wrote is never overwritten by what a list says. */
export type UserSource = 'message' | 'mention' | 'directory'

export interface KnownUser {
  openId: string
  unionId?: string
  name?: string
  source: UserSource
}

/** Whose rows these are. */
export interface Owner {
  integrationId: string
  tenantId: string
  organizationId: string | null
}

export interface UserRow {
  openId: string
  name: string | null
  platformUserId: string | null
  source: UserSource
  /** Null of whom only a list has named. */
  lastSeenAt: Date | null
}

export interface PageQuery {
  /** Part of a name, or a whole id. */
  search?: string
  sortBy?: 'name' | 'lastSeenAt'
  ascending?: boolean
  limit: number
  offset: number
}

/**
 * Who stays though they were not seen for long: whom `kept` names, and whom a list has named since `listedSince`. Without that
 * date whoever a list has ever named stays; who was read by a version that noted no date counts as named long ago.
 */
export interface Staying {
  kept: readonly string[]
  listedSince: Date | null
}

/** Stands for never: of whom only a list has named. Everybody else was seen later. */
const EPOCH = new Date(0)
const SEEN = new Date(1)

const ROW = `open_id AS "openId", name, platform_user_id AS "platformUserId", source,
  CASE WHEN source <> 'directory' THEN last_seen_at END AS "lastSeenAt"`

const MATCHES = `integration_id = $1
  AND ($2::text IS NULL OR name ILIKE $3 OR open_id = $2 OR union_id = $2 OR platform_user_id = $2)`

const ORDERS = {
  name: { up: 'name ASC NULLS LAST, open_id', down: 'name DESC NULLS LAST, open_id' },
  lastSeenAt: { up: 'last_seen_at ASC, open_id', down: 'last_seen_at DESC, open_id' }
} as const

/** `%` and `_` of a person's input are themselves. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** Who is recorded, and lists of them. The platform user of one is with `Identities`, names that are looked up with `SpeakerNames`. */
@Injectable()
export class UserRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Records people in one statement, in one order for all instances. What is not said of them stays as it was. Whom a list
   * names was not seen: the epoch stands for that, so that the index has them behind everybody else.
   * @param at when they were seen; of whom a list names, when its reading began
   */
  async record(owner: Owner, people: readonly KnownUser[], at: Date, manager?: EntityManager): Promise<void> {
    if (people.length === 0) return
    const unique = [...new Map(people.map((person) => [person.openId, person])).values()]
    unique.sort((left, right) => (left.openId < right.openId ? -1 : 1))
    await (manager ?? this.dataSource).query(
      `INSERT INTO plugin_lark_user AS known (integration_id, tenant_id, organization_id, open_id, union_id, name, source, last_seen_at, listed_at)
       SELECT $1, $2, $3, open_id, union_id, name, source, CASE WHEN source = 'directory' THEN 'epoch' ELSE $4::timestamptz END,
              CASE WHEN source = 'directory' THEN $4::timestamptz END
       FROM unnest($5::text[], $6::text[], $7::text[], $8::text[]) AS person (open_id, union_id, name, source)
       ON CONFLICT (integration_id, open_id) DO UPDATE SET
         union_id = coalesce(excluded.union_id, known.union_id), name = coalesce(excluded.name, known.name),
         source = CASE WHEN excluded.source = 'message' OR known.source = 'directory' THEN excluded.source ELSE known.source END,
         listed_at = greatest(excluded.listed_at, known.listed_at),
         last_seen_at = CASE WHEN excluded.source = 'directory' AND known.source <> 'directory' THEN known.last_seen_at
                             WHEN excluded.source = 'directory' THEN excluded.last_seen_at
                             ELSE greatest(excluded.last_seen_at, known.last_seen_at) END`,
      [
        owner.integrationId,
        owner.tenantId,
        owner.organizationId,
        at,
        unique.map(({ openId }) => openId),
        unique.map(({ unionId }) => unionId ?? null),
        unique.map(({ name }) => name ?? null),
        unique.map(({ source }) => source)
      ]
    )
  }

  page(integrationId: string, { search, sortBy, ascending, limit, offset }: PageQuery): Promise<UserRow[]> {
    const order = ORDERS[sortBy ?? 'lastSeenAt'][ascending ? 'up' : 'down']
    return this.dataSource.query<UserRow[]>(
      `SELECT ${ROW} FROM plugin_lark_user WHERE ${MATCHES} ORDER BY ${order} LIMIT $4 OFFSET $5`,
      [integrationId, search ?? null, containing(search ?? ''), limit, offset]
    )
  }

  /** Up to `limit`. */
  async count(integrationId: string, search: string | undefined, limit: number): Promise<number> {
    const rows = await this.dataSource.query<{ total: number }[]>(
      `SELECT count(*)::int AS total FROM (SELECT 1 FROM plugin_lark_user WHERE ${MATCHES} LIMIT $4) AS counted`,
      [integrationId, search ?? null, containing(search ?? ''), limit]
    )
    return rows[0]?.total ?? 0
  }

  /** How many a read of the directory that began then, or one on a clock ahead of its, has found. */
  async countListed(integrationId: string, since: Date): Promise<number> {
    const rows = await this.dataSource.query<{ total: number }[]>(
      `SELECT count(*)::int AS total FROM plugin_lark_user WHERE integration_id = $1 AND listed_at >= $2`,
      [integrationId, since]
    )
    return rows[0]?.total ?? 0
  }

  /** Those who wrote or were mentioned first, the last ones first; then whom a list named. */
  forPicker(integrationId: string, limit: number): Promise<UserRow[]> {
    return this.dataSource.query<UserRow[]>(
      `SELECT ${ROW} FROM plugin_lark_user WHERE integration_id = $1
       ORDER BY (source = 'directory'), last_seen_at DESC, open_id LIMIT $2`,
      [integrationId, limit]
    )
  }

  named(integrationId: string, openIds: readonly string[]): Promise<UserRow[]> {
    return this.dataSource.query<UserRow[]>(
      `SELECT ${ROW} FROM plugin_lark_user WHERE integration_id = $1 AND open_id = ANY($2)`,
      [integrationId, openIds]
    )
  }

  async integrations(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT DISTINCT integration_id AS id FROM plugin_lark_user`
    )
    return rows.map(({ id }) => id)
  }

  /** The next one that has people, in the order of ids; '' is before all. One row of an index, however many people there are. */
  async integrationAfter(id: string): Promise<string | null> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT integration_id AS id FROM plugin_lark_user WHERE integration_id > $1 ORDER BY integration_id LIMIT 1`,
      [id]
    )
    return rows[0]?.id ?? null
  }

  /** Removes who was seen, last before `before`, but for those who stay. Whom only a list has named is not looked at. */
  removeUnseen(integrationId: string, before: Date, stays: Staying, limit: number): Promise<number> {
    return this.removeBetween(integrationId, [SEEN, before], stays, limit)
  }

  /** Removes whom only lists have named, and the last one not any more: looks at all of them. */
  removeUnlisted(integrationId: string, stays: Staying, limit: number): Promise<number> {
    return this.removeBetween(integrationId, [EPOCH, SEEN], stays, limit)
  }

  private async removeBetween(
    integrationId: string,
    [from, until]: readonly [Date, Date],
    { kept, listedSince }: Staying,
    limit: number
  ): Promise<number> {
    const result = await this.dataSource.query<[unknown[], number]>(
      // Materialised: a subselect that locks may be run again for every row, each time with other rows within its limit.
      `WITH gone AS MATERIALIZED (
         SELECT open_id FROM plugin_lark_user
         WHERE integration_id = $1 AND last_seen_at >= $2 AND last_seen_at < $3 AND open_id <> ALL($4)
           AND (coalesce(listed_at, CASE WHEN source = 'directory' THEN 'epoch'::timestamptz END)
                >= coalesce($5::timestamptz, '-infinity')) IS NOT TRUE
         ORDER BY last_seen_at LIMIT $6 FOR UPDATE SKIP LOCKED)
       DELETE FROM plugin_lark_user person USING gone WHERE person.integration_id = $1 AND person.open_id = gone.open_id`,
      [integrationId, from, until, kept, listedSince, limit]
    )
    return result[1]
  }

  async removeIntegration(integrationId: string): Promise<void> {
    await this.dataSource.query(`DELETE FROM plugin_lark_user WHERE integration_id = $1`, [integrationId])
  }
}
