import { IntegrationConnection } from '../../../src/long-connection'
import { describeConnection } from '../../../src/views/describe-connection'

const connection = (patch: Partial<IntegrationConnection> = {}): IntegrationConnection => ({
  appKey: 'feishu:cli_0123456789abcdef',
  state: 'connected',
  since: null,
  desiredState: 'connected',
  owner: null,
  lastConnectedAt: null,
  lastFrameAt: null,
  lastEventAt: null,
  reconnectCount: 0,
  recentErrors: [],
  otherConsumers: null,
  conflict: null,
  isEclipsed: false,
  ...patch
})
const error = (code: string) => ({ recentErrors: [{ at: '', code, message: '' }] })

describe('what Status says about a long connection', () => {
  it('is nothing when all is well, an error that is over included', () => {
    expect(describeConnection(connection({ otherConsumers: 0, ...error('closed') }), 'en-US')).toBeUndefined()
  })

  it('is nothing of an error that a later connect has mended', () => {
    const mended = { recentErrors: [{ at: '2026-03-01T09:00:00.000Z', code: '514', message: '' }] }
    const down = { state: 'closed' as const, ...mended }
    expect(describeConnection(connection(down), 'en-US')).toContain('does not accept')
    const lastConnectedAt = new Date('2026-03-01T10:00:00Z')
    expect(describeConnection(connection({ ...down, lastConnectedAt }), 'en-US')).toBeUndefined()
  })

  it.each([
    ['the conflict', { conflict: 'other_organization', ...error('514'), state: 'failed' }, 'Another tenant'],
    ['what an admin asked for', { desiredState: 'disconnected', ...error('514'), state: 'closed' }, 'administrator'],
    ['why it is not connected', { state: 'failed', ...error('1000040350'), otherConsumers: 3 }, 'largest number'],
    ['an unknown code', { state: 'reconnecting', ...error('42') }, 'code 42'],
    ['that another program is connected', { otherConsumers: 3 }, 'counts 3 more']
  ] as const)('names %s', (_what, patch, text) => {
    expect(describeConnection(connection(patch as Partial<IntegrationConnection>), 'en-US')).toContain(text)
  })

  it('is in the language of the integration', () => {
    expect(describeConnection(connection({ conflict: 'two_bindings' }), 'zh-Hans')).toContain('数字专家')
  })
})
