import { readCommand } from '../i18n'
import { EventDescription } from '../lark'
import { inboxKeyOf, LarkIntegration } from './lark-settings'

/**
 * An event as the inbox takes it: whose ids these are, and a lane that nobody of another tenant or organisation can hold up
 * by naming the same app and chat. Who orders a stop, in words or by the button, waits behind nothing.
 */
export const inScopeOf = (integration: LarkIntegration, { words, pressed, ...event }: EventDescription) => {
  const inboxKey = inboxKeyOf(integration)
  const isStop = pressed === 'stop' || (words !== undefined && readCommand(words)?.name === 'stop')
  return {
    ...event,
    inboxKey,
    lane: `${inboxKey}:${isStop ? `-${event.dedupKey}` : event.lane}`,
    tenantId: integration.tenantId,
    organizationId: integration.organizationId,
    integrationId: integration.id
  }
}
