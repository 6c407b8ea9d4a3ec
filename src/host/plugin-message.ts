import { HandoffMessage, handoffMessage } from './handoff-message'

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
export const pluginMessage = ({ integrationId, ...message }: PluginMessage, now: Date): HandoffMessage =>
  handoffMessage(
    { ...message, key: message.id, queue: 'integration', headers: { requestedLane: 'main', integrationId } },
    now
  )
