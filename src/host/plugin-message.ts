import { HandoffMessage } from './handoff-message'

const MAX_ATTEMPTS = 5

export interface PluginMessage {
  id: string
  /** `plugin.lark.<action>.v<n>`. */
  type: string
  tenantId: string
  organizationId: string | null
  integrationId: string
  payload: Record<string, string>
}

/**
 * A message to ourselves: work that needs the host's context (tenant, organisation, its own stores), which our timers and
 * a request of Lark's do not have.
 */
export const pluginMessage = (message: PluginMessage, now: Date): HandoffMessage => ({
  id: message.id,
  type: message.type,
  version: 1,
  tenantId: message.tenantId,
  sessionKey: message.id,
  businessKey: message.id,
  attempt: 1,
  maxAttempts: MAX_ATTEMPTS,
  enqueuedAt: now.getTime(),
  traceId: message.id,
  payload: message.payload,
  headers: {
    ...(message.organizationId ? { organizationId: message.organizationId } : {}),
    source: 'lark',
    requestedLane: 'main',
    handoffQueue: 'integration',
    integrationId: message.integrationId
  }
})
