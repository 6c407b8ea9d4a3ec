import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { HostIntegration, HostServices, IntegrationRows } from '../host'
import { Clock, inTime, isUuid, Log, onClock, STATEMENT_MS } from '../shared'
import { IntegrationLookUp, IntegrationReader } from './integration-reader'
import { LarkIntegration, parseSettings, SettingsInvalidError } from './lark-settings'

/** Short: another instance's change is seen within it, without any message between the processes. */
const TTL_MS = 10_000
/** Shorter: nobody tells of a new integration. */
const UNKNOWN_TTL_MS = 5_000
const MAX_ENTRIES = 1_000

/**
 * One read of the host for all who ask at the same time. What is known and what is not are kept apart: strangers who try
 * ids push out nothing that works.
 */
@Injectable()
export class HostIntegrationReader extends IntegrationReader {
  private readonly log = new Log('settings')
  private readonly known: LRUCache<string, { integration: LarkIntegration } | 'unusable'>
  private readonly unknown: LRUCache<string, true>
  private readonly held = new Set<string>()
  private readonly reading = new Map<string, Promise<IntegrationLookUp>>()

  constructor(
    private readonly host: HostServices,
    private readonly rows: IntegrationRows,
    clock: Clock
  ) {
    super()
    this.known = new LRUCache({ max: MAX_ENTRIES, ttl: TTL_MS, ...onClock(clock) })
    this.unknown = new LRUCache({ max: MAX_ENTRIES, ttl: UNKNOWN_TTL_MS, ...onClock(clock) })
  }

  async lookUp(id: string): Promise<IntegrationLookUp> {
    try {
      return await this.cached(id)
    } catch {
      return 'unavailable'
    }
  }

  drop(id: string): void {
    const key = id.toLowerCase()
    this.known.delete(key)
    this.unknown.delete(key)
    this.reading.delete(key)
  }

  override hold(id: string): void {
    this.held.add(id.toLowerCase())
    this.drop(id)
  }

  override release(id: string): void {
    this.held.delete(id.toLowerCase())
    this.drop(id)
  }

  /** One spelling of an id is one entry. */
  private async cached(id: string): Promise<IntegrationLookUp> {
    if (!isUuid(id)) return 'unknown'
    const key = id.toLowerCase()
    const known = this.known.get(key)
    if (known) return known
    if (this.unknown.has(key)) return 'unknown'
    return this.reading.get(key) ?? this.readOnce(key)
  }

  private async readOnce(key: string): Promise<IntegrationLookUp> {
    const reading = this.ask(key)
    this.reading.set(key, reading)
    try {
      const found = await reading
      // A read that began before a change may have seen what was before it.
      if (this.reading.get(key) === reading) this.remember(key, found)
      return found
    } finally {
      if (this.reading.get(key) === reading) this.reading.delete(key)
    }
  }

  private remember(key: string, found: IntegrationLookUp): void {
    if (this.held.has(key)) return
    if (found === 'unknown') this.unknown.set(key, true)
    else if (found !== 'unavailable') this.known.set(key, found)
  }

  /** The host answers null for an id that it does not know and for its own errors; the row tells. */
  private async ask(id: string): Promise<IntegrationLookUp> {
    const integration = await this.host.readIntegration(id)
    if (integration) return this.parse(integration)
    try {
      return (await inTime(STATEMENT_MS, 'a look for an integration', this.rows.has(id))) ? 'unavailable' : 'unknown'
    } catch {
      return 'unavailable'
    }
  }

  private parse(integration: HostIntegration): IntegrationLookUp {
    if (integration.provider !== 'lark') return 'unknown'
    try {
      return {
        integration: {
          id: integration.id,
          tenantId: integration.tenantId,
          organizationId: integration.organizationId ?? null,
          name: integration.name,
          settings: parseSettings(integration.options)
        }
      }
    } catch (error) {
      if (!(error instanceof SettingsInvalidError)) throw error
      this.log.warn('an integration can not be used', { integration: integration.id }, error)
      return 'unusable'
    }
  }
}
