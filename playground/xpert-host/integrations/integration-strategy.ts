import type { Integration } from './integration.entity'

/** An integration as `validateConfig` gets it: before a create there is no id. */
export type IntegrationDraft = Partial<Integration>

export interface IntegrationStrategy {
  meta: { name: string; icon?: unknown; avatar?: unknown; [key: string]: unknown }
  validateConfig?(options: unknown, integration: IntegrationDraft): Promise<unknown>
  onUpdate?(previous: Integration, current: IntegrationDraft): unknown
  onDelete?(integration: Integration): unknown
}
