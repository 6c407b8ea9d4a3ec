import { cancelMessage, pluginMessage } from '../../../src/host'

const NOW = new Date('2026-03-01T10:00:00Z')
const COMMON = { version: 1, tenantId: 'tenant', attempt: 1, maxAttempts: 5, enqueuedAt: NOW.getTime() }

describe('a message to ourselves', () => {
  it('is on the queue of callbacks and says whose integration it is about', () => {
    const message = {
      id: 'message-1',
      type: 'plugin.lark.provision_user.v1',
      tenantId: 'tenant',
      organizationId: 'org',
      integrationId: 'integration',
      payload: { openId: 'ou_1' }
    }
    expect(pluginMessage(message, NOW)).toEqual({
      ...COMMON,
      id: 'message-1',
      type: 'plugin.lark.provision_user.v1',
      sessionKey: 'message-1',
      businessKey: 'message-1',
      traceId: 'message-1',
      payload: { openId: 'ou_1' },
      headers: {
        organizationId: 'org',
        source: 'lark',
        requestedLane: 'main',
        handoffQueue: 'integration',
        integrationId: 'integration'
      }
    })
  })

  it('that cancels a run waits for neither runs nor callbacks', () => {
    const payload = { turnId: 'turn-1', attempt: 'attempt-1', executionId: 'execution-1' }
    const input = { messageType: 'plugin.lark.cancel_run.v1', tenantId: 'tenant', organizationId: null, payload }
    expect(cancelMessage(input, 'message-1', NOW)).toEqual({
      ...COMMON,
      id: 'message-1',
      type: 'plugin.lark.cancel_run.v1',
      sessionKey: 'attempt-1',
      businessKey: 'attempt-1',
      traceId: 'attempt-1',
      payload,
      headers: { source: 'lark', handoffQueue: 'default' }
    })
  })
})
