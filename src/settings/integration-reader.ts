import { PluginError } from '../shared'
import { LarkIntegration } from './lark-settings'

/**
 * `unknown`: there is no Lark integration with this id. `unusable`: there is one, but its options can not be used.
 * `unavailable`: nobody can say just now, ask again.
 */
export type IntegrationLookUp = { integration: LarkIntegration } | 'unknown' | 'unusable' | 'unavailable'

/** Nobody can say just now what an integration says, or whether there is one. Try again later. */
export class IntegrationUnavailableError extends PluginError<'integration_unavailable'> {
  constructor(id: string) {
    super('integration_unavailable', 'The integration can not be read just now', { details: { integration: id } })
  }
}

/** Where an integration's options come from: the host's service behind a bounded per-process cache. */
export abstract class IntegrationReader {
  /** Never throws, and has an end where the host or the database has none. */
  abstract lookUp(id: string): Promise<IntegrationLookUp>
  /** For work that is repeated: throws `IntegrationUnavailableError` while nobody can say. */
  async read(id: string): Promise<Exclude<IntegrationLookUp, 'unavailable'>> {
    const found = await this.lookUp(id)
    if (found === 'unavailable') throw new IntegrationUnavailableError(id)
    return found
  }
  /** Forgets what is cached about one integration: it was changed or removed. */
  abstract drop(id: string): void
  /** A change is announced and not written yet: what is read from now on is not remembered, until `release`. */
  hold(id: string): void {
    this.drop(id)
  }
  release(id: string): void {
    this.drop(id)
  }
}
