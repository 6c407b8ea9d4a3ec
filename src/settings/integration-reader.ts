import { LarkIntegration } from './lark-settings'

/** Where an integration's options come from: the host's service behind a bounded per-process cache. */
export abstract class IntegrationReader {
  /** Null for an unknown id, another provider, or unusable options: a host outage looks the same. */
  abstract find(id: string): Promise<LarkIntegration | null>
  /** Forgets what is cached about one integration: it was changed or removed. */
  abstract drop(id: string): void
}
