import { HandoffMessage, SendInput, sendMessage } from '../../../src/host'

const NOW = new Date('2026-03-01T10:00:00Z')

const INPUT: SendInput = {
  attempt: 'attempt-1',
  executionId: 'execution-1',
  tenantId: 'tenant',
  organizationId: 'org',
  xpertId: 'xpert',
  conversationId: null,
  text: 'Hello',
  idleTimeoutSeconds: 600,
  endUser: 'ou_1',
  audit: { integrationId: 'integration', chatId: 'oc_1', chatType: 'p2p', senderId: 'ou_1' },
  callback: { messageType: 'plugin.lark.run_event.v1', context: { turnId: 'turn-1' } }
}

type Payload = {
  request: Record<string, unknown>
  options: Record<string, unknown>
  callback: Record<string, unknown>
  executionId: string
}
const message = (more: Partial<SendInput> = {}): HandoffMessage & { payload: Payload } =>
  sendMessage({ ...INPUT, ...more }, NOW) as HandoffMessage & { payload: Payload }

describe('sendMessage', () => {
  it('has what the host’s dispatcher demands, none of it empty', () => {
    const { id, type, tenantId, sessionKey, businessKey, traceId } = message()
    expect(type).toBe('agent.chat_dispatch.v1')
    for (const value of [id, tenantId, sessionKey, businessKey, traceId]) expect(value).toMatch(/\S/)
    expect(message()).toMatchObject({ version: 1, attempt: 1, enqueuedAt: NOW.getTime() })
  })

  it('is the run’s id in every place where callbacks and cancels look for it', () => {
    const { id, traceId, payload } = message()
    expect([id, traceId]).toEqual(['attempt-1', 'attempt-1'])
    expect(payload.request).toMatchObject({ message: { clientMessageId: 'attempt-1' } })
    expect([payload.executionId, payload.options['execution']]).toEqual(['execution-1', { id: 'execution-1' }])
  })

  it('sends the text, in a new conversation or in the one that is known', () => {
    expect(message().payload.request).toEqual({
      action: 'send',
      message: { clientMessageId: 'attempt-1', input: { input: 'Hello' } }
    })
    const known = message({ conversationId: 'conversation-1' })
    expect(known.payload.request).toMatchObject({ conversationId: 'conversation-1' })
    expect([known.sessionKey, known.businessKey]).toEqual(['conversation-1', 'conversation-1'])
  })

  it('runs as the expert’s assistant and as nobody else', () => {
    const { payload, headers } = message()
    expect(payload.options).toMatchObject({
      xpertId: 'xpert',
      from: 'lark',
      fromEndUserId: 'ou_1',
      runtimePrincipal: { type: 'assistant', xpertId: 'xpert', sourceIntegrationId: 'integration' }
    })
    expect(headers).not.toHaveProperty('userId')
  })

  it('keeps runs and callbacks on different queues, and lets callbacks be retried', () => {
    const { headers, payload, maxAttempts } = message()
    expect(headers).toMatchObject({
      handoffQueue: 'realtime',
      requestedLane: 'main',
      source: 'lark',
      organizationId: 'org'
    })
    expect(payload.callback).toEqual({
      messageType: 'plugin.lark.run_event.v1',
      headers: { handoffQueue: 'integration' },
      context: { turnId: 'turn-1' }
    })
    expect(maxAttempts).toBe(5)
  })

  it('says how long a living run may be silent, as text', () => {
    expect(message({ idleTimeoutSeconds: 90 }).headers).toMatchObject({ policyIdleTimeoutMs: '90000' })
    for (const value of Object.values(message().headers!)) expect(typeof value).toBe('string')
  })

  it('says for whom and where, for the host’s audit', () => {
    expect(message({ audit: { ...INPUT.audit, threadId: 'omt_1' } }).payload.options).toMatchObject({
      integrationId: 'integration',
      sourceIntegrationId: 'integration',
      channelType: 'lark',
      chatId: 'oc_1',
      chatType: 'p2p',
      senderId: 'ou_1',
      threadId: 'omt_1'
    })
  })

  it('leaves out an organisation and a language that are not known', () => {
    const plain = message({ organizationId: null })
    expect(plain.headers).not.toHaveProperty('organizationId')
    expect(plain.headers).not.toHaveProperty('language')
    const spoken = message({ language: 'zh-Hans' })
    expect([spoken.headers!['language'], spoken.payload.options['language']]).toEqual(['zh-Hans', 'zh-Hans'])
  })

  it('survives the queue unchanged', () => {
    expect(JSON.parse(JSON.stringify(message()))).toEqual(message())
  })
})
