import { Injectable } from '@nestjs/common'
import { currentCaller, HostServices } from '../host'
import { OPTION_KEYS } from '../settings'
import { isObject, JsonObject } from '../shared'

/**
 * A save replaces `options` whole, also what the host itself keeps there (`webhookCredential`, host-observed 12). Whoever
 * tests may name any id, so only an integration of the caller's own tenant and organisation gives anything.
 */
@Injectable()
export class KeptOptions {
  constructor(private readonly host: HostServices) {}

  /** The given options with what the stored ones have beside ours; undefined when nothing would be lost. */
  async with(given: unknown, integrationId: string | undefined): Promise<JsonObject | undefined> {
    const stored = integrationId ? await this.storedOptions(integrationId) : {}
    const options = isObject(given) ? given : {}
    const kept = Object.entries(stored).filter(([key]) => !OPTION_KEYS.has(key) && options[key] === undefined)
    return kept.length > 0 ? { ...options, ...Object.fromEntries(kept) } : undefined
  }

  private async storedOptions(id: string): Promise<JsonObject> {
    const { tenantId, organizationId } = currentCaller()
    const stored = await this.host.readIntegration(id)
    const isOwn =
      tenantId !== null &&
      stored?.provider === 'lark' &&
      stored.tenantId === tenantId &&
      (stored.organizationId ?? null) === organizationId
    return isOwn ? (stored.options ?? {}) : {}
  }
}
