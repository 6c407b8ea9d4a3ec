import { EventDescription } from '../lark'
import { inboxKeyOf, LarkIntegration } from './lark-settings'

/**
 * An event as the inbox takes it: whose ids these are, and a lane that nobody of another tenant or organisation can hold up
 * by naming the same app and chat.
 */
export const inScopeOf = (integration: LarkIntegration, event: EventDescription) => {
  const inboxKey = inboxKeyOf(integration)
  return {
    ...event,
    inboxKey,
    lane: `${inboxKey}:${event.lane}`,
    tenantId: integration.tenantId,
    organizationId: integration.organizationId,
    integrationId: integration.id
  }
}
