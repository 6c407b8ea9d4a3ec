import { LarkIntegration } from './lark-settings'

/**
 * `unknown`: there is no Lark integration with this id. `unusable`: there is one, but its options can not be used.
 * `unavailable`: nobody can say just now, ask again.
 */
export type IntegrationLookUp = { integration: LarkIntegration } | 'unknown' | 'unusable' | 'unavailable'

/** Where an integration's options come from: the host's service behind a bounded per-process cache. */
export abstract class IntegrationReader {
  /** Null for an unknown id, another provider, or unusable options: a host outage looks the same. */
  abstract find(id: string): Promise<LarkIntegration | null>
  /** Tells the nulls of `find` apart. Never throws. */
  abstract lookUp(id: string): Promise<IntegrationLookUp>
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
