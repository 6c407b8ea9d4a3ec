import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { DataSource } from 'typeorm'

/** A name may be learnt at any time, and changes seldom. */
const TTL_MS = 10 * 60_000
const MAX_NAMES = 5_000

/** How people are called, as far as the plugin has read it. */
@Injectable()
export class PeopleNames {
  private readonly known = new LRUCache<string, { name: string | null }>({ max: MAX_NAMES, ttl: TTL_MS })

  constructor(private readonly dataSource: DataSource) {}

  /** Null when nobody has told the name. */
  async of(integrationId: string, openId: string): Promise<string | null> {
    const key = `${integrationId}:${openId}`
    const known = this.known.get(key)
    if (known) return known.name
    const rows = await this.dataSource.query<{ name: string | null }[]>(
      `SELECT name FROM plugin_lark_user WHERE integration_id = $1 AND open_id = $2`,
      [integrationId, openId]
    )
    const name = rows[0]?.name ?? null
    this.known.set(key, { name })
    return name
  }
}
