import { BadRequestException, Injectable } from '@nestjs/common'
import {
  currentCaller,
  HostIntegration,
  HostServices,
  HostUnavailableError,
  IntegrationRows,
  readerLanguage
} from '../host'
import { languageFrom, say } from '../i18n'
import { OPTION_KEYS } from '../settings'
import { JsonObject, objectOf } from '../shared'

/**
 * A save replaces `options` whole, also what the host itself keeps there (`webhookCredential`, host-observed 12). Whoever
 * tests may name any id, so only an integration of the caller's own tenant and organisation gives anything.
 */
@Injectable()
export class KeptOptions {
  constructor(
    private readonly host: HostServices,
    private readonly rows: IntegrationRows
  ) {}

  /**
   * The given options with what the stored ones have beside ours; undefined when nothing would be lost. Throws
   * `BadRequestException`, which blocks the save, while nobody can say what is stored.
   */
  async with(given: unknown, integrationId: string | undefined): Promise<JsonObject | undefined> {
    const stored = integrationId ? await this.storedOptions(integrationId) : {}
    const options = objectOf(given)
    const kept = Object.entries(stored).filter(([key]) => !OPTION_KEYS.has(key) && options[key] === undefined)
    return kept.length > 0 ? { ...options, ...Object.fromEntries(kept) } : undefined
  }

  private async storedOptions(id: string): Promise<JsonObject> {
    if (!(await this.rows.isOwn(id, currentCaller()))) return {}
    const stored = await this.read(id)
    // The row is there: the host's own error (host-contract §10 13).
    if (!stored) throw new BadRequestException(say('tryAgainLater', languageFrom(readerLanguage())))
    return stored.options ?? {}
  }

  private async read(id: string): Promise<HostIntegration | null> {
    try {
      return await this.host.readIntegration(id)
    } catch (error) {
      if (error instanceof HostUnavailableError) return null
      throw error
    }
  }
}
