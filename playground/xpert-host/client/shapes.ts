/** What the host's routes answer with, as JSON. */
export interface Integration {
  id: string
  tenantId: string
  organizationId: string | null
  name: string
  provider: string
  slug?: string | null
  options?: Record<string, unknown> | null
  createdAt: string
  updatedAt: string
}

export interface ChecklistItem {
  node?: string
  ruleCode: string
  field: string
  value: unknown
  message: { en_US: string; zh_Hans?: string }
  level: 'error' | 'warning'
}

export interface ExpertVersion {
  id: string
  version: string | null
  latest: boolean | null
}

export interface Manifest {
  key: string
  title: { en_US: string; zh_Hans?: string }
  view: { type: string; [key: string]: unknown }
  actions?: { key: string; label: { en_US: string }; placement: string }[]
  [key: string]: unknown
}

export type { HostConversation, HostRun, QueueStats } from '../handoff'
