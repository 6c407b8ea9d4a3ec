import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { DataSource } from 'typeorm'
import { hasOneOf, LarkApiError, LarkApis, LarkContents, MessageEvent, MOST_IDS, PEOPLE_SCOPES } from '../lark'
import { LarkIntegration } from '../settings'
import { Clock, Log, onClock, within } from '../shared'

/** People are seldom renamed; that nobody tells a name may change with the next scope that is granted. */
const KNOWN_MS = 24 * 60 * 60_000
const UNKNOWN_MS = 60 * 60_000
/** After anything else that Lark does not answer a call with: it may answer the next one. */
const PAUSE_MS = 60_000

/** A name is not worth more of a person's time. */
const PATIENCE_MS = 300

/** Those who are asked for within this time share a call. */
const GATHER_MS = 20

const MAX_NAMES = 20_000
const MAX_INTEGRATIONS = 1_000

interface Batch {
  openIds: Set<string>
  done: Promise<void>
}

const keyOf = (integrationId: string, openId: string): string => `${integrationId}:${openId}`

/**
 * What people are called: from the events that mention them, from what the plugin has recorded, or from Lark in batches.
 * Without contact scopes Lark tells nothing, and everybody has a neutral label.
 */
@Injectable()
export class SpeakerNames {
  private readonly log = new Log('directory')
  private readonly names: LRUCache<string, { name: string | null }>
  private readonly batches = new LRUCache<string, Batch>({ max: MAX_INTEGRATIONS })
  private readonly asking = new Map<string, Promise<void>>()
  /** Integrations whose app may not read names, or could not just now. */
  private readonly refused: LRUCache<string, true>

  constructor(
    private readonly dataSource: DataSource,
    private readonly contents: LarkContents,
    private readonly apis: LarkApis,
    clock: Clock
  ) {
    this.names = new LRUCache({ max: MAX_NAMES, ...onClock(clock) })
    this.refused = new LRUCache({ max: MAX_INTEGRATIONS, ttl: UNKNOWN_MS, ...onClock(clock) })
  }

  /** The names of whom a message mentions come with it. */
  learn(integrationId: string, { mentions }: Pick<MessageEvent, 'mentions'>): void {
    for (const { openId, name } of mentions)
      if (openId !== '' && name !== '') this.remember(integrationId, openId, name)
  }

  /** Within about 300 ms, and never throws: whoever is not named by then has no name this time. */
  async of(integration: LarkIntegration, openIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set(openIds)].filter((openId) => openId !== '')
    await within(PATIENCE_MS, this.find(integration, this.unknownOf(integration.id, wanted)))
    const known = wanted.map((openId) => [openId, this.names.get(keyOf(integration.id, openId))?.name ?? null] as const)
    return new Map(known.filter((entry): entry is [string, string] => entry[1] !== null))
  }

  private unknownOf(integrationId: string, openIds: readonly string[]): string[] {
    return openIds.filter((openId) => !this.names.has(keyOf(integrationId, openId)))
  }

  private async find(integration: LarkIntegration, openIds: readonly string[]): Promise<void> {
    if (openIds.length === 0) return
    try {
      const rows = await this.dataSource.query<{ openId: string; name: string }[]>(
        `SELECT open_id AS "openId", name FROM plugin_lark_user
         WHERE integration_id = $1 AND open_id = ANY($2) AND name IS NOT NULL`,
        [integration.id, openIds]
      )
      for (const { openId, name } of rows) this.remember(integration.id, openId, name)
      const left = this.unknownOf(integration.id, openIds)
      if (left.length > 0 && !this.refused.has(integration.id)) await this.ask(integration, left)
    } catch (error) {
      this.log.warn('names could not be read', { integration: integration.id }, error)
    }
  }

  /** Who is asked about already is not asked about again. */
  private async ask(integration: LarkIntegration, openIds: readonly string[]): Promise<void> {
    const answers = openIds.slice(0, MOST_IDS).map((openId) => {
      const key = keyOf(integration.id, openId)
      const asked = this.asking.get(key)
      if (asked) return asked
      const open = this.batches.get(integration.id)
      const batch = open && open.openIds.size < MOST_IDS ? open : this.openBatch(integration)
      batch.openIds.add(openId)
      this.asking.set(key, batch.done)
      return batch.done
    })
    await Promise.all(answers)
  }

  private openBatch(integration: LarkIntegration): Batch {
    const openIds = new Set<string>()
    const gathered = new Promise<void>((resolve) => setTimeout(resolve, GATHER_MS))
    const batch = { openIds, done: gathered.then(() => this.close(integration, openIds)) }
    this.batches.set(integration.id, batch)
    return batch
  }

  private async close(integration: LarkIntegration, openIds: ReadonlySet<string>): Promise<void> {
    if (this.batches.get(integration.id)?.openIds === openIds) this.batches.delete(integration.id)
    try {
      const granted = await this.apis.scopesOf(integration.settings)
      if (granted && !hasOneOf(granted, PEOPLE_SCOPES)) {
        this.refused.set(integration.id, true)
        return
      }
      const found = await this.contents.for(integration.settings).readNames([...openIds])
      for (const openId of openIds) this.remember(integration.id, openId, found.get(openId) ?? null)
      await this.store(integration.id, found)
    } catch (error) {
      const isForbidden = error instanceof LarkApiError && error.code === 'forbidden'
      this.refused.set(integration.id, true, { ttl: isForbidden ? UNKNOWN_MS : PAUSE_MS })
      this.log.debug('Lark tells no names', { integration: integration.id }, error)
    } finally {
      for (const openId of openIds) this.asking.delete(keyOf(integration.id, openId))
    }
  }

  private async store(integrationId: string, found: ReadonlyMap<string, string>): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_user known SET name = said.name
       FROM unnest($2::varchar[], $3::varchar[]) AS said (open_id, name)
       WHERE known.integration_id = $1 AND known.open_id = said.open_id AND known.name IS DISTINCT FROM said.name`,
      [integrationId, [...found.keys()], [...found.values()]]
    )
  }

  private remember(integrationId: string, openId: string, name: string | null): void {
    this.names.set(keyOf(integrationId, openId), { name }, { ttl: name === null ? UNKNOWN_MS : KNOWN_MS })
  }
}
