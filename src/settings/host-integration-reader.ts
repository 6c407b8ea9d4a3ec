import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { HostIntegration, HostServices } from '../host'
import { isUuid, Log } from '../shared'
import { IntegrationReader } from './integration-reader'
import { LarkIntegration, parseSettings, SettingsInvalidError } from './lark-settings'

/** Short: another instance's change is seen within it, without any message between the processes. */
const TTL_MS = 10_000
const MAX_ENTRIES = 1_000

@Injectable()
export class HostIntegrationReader extends IntegrationReader {
  private readonly log = new Log('settings')
  private readonly cache: LRUCache<string, LarkIntegration>

  constructor(host: HostServices) {
    super()
    this.cache = new LRUCache({
      max: MAX_ENTRIES,
      ttl: TTL_MS,
      fetchMethod: async (id) => this.parse(await host.readIntegration(id))
    })
  }

  /** Nothing found is never remembered: the host answers null on its own errors too. */
  async find(id: string): Promise<LarkIntegration | null> {
    if (!isUuid(id)) return null
    return (await this.cache.fetch(id)) ?? null
  }

  drop(id: string): void {
    this.cache.delete(id)
  }

  private parse(integration: HostIntegration | null): LarkIntegration | undefined {
    if (integration?.provider !== 'lark') return undefined
    try {
      return {
        id: integration.id,
        tenantId: integration.tenantId,
        organizationId: integration.organizationId ?? null,
        name: integration.name,
        settings: parseSettings(integration.options)
      }
    } catch (error) {
      if (!(error instanceof SettingsInvalidError)) throw error
      this.log.warn('an integration can not be used', { integration: integration.id }, error)
      return undefined
    }
  }
}
