import { NewInboundEvent } from '../../src/inbox'

/** A message of one app, with whatever the test says of it. */
export const inboundEvent = (messageId: string, more: Partial<NewInboundEvent> = {}): NewInboundEvent => ({
  inboxKey: 'tenant:org:feishu:cli_1',
  dedupKey: `message:${messageId}`,
  lane: messageId,
  eventType: 'im.message.receive_v1',
  payload: `{"key":"${messageId}"}`,
  tenantId: 'tenant',
  organizationId: 'org',
  integrationId: 'integration',
  messageId,
  ...more
})
