import { say } from '../../../src/i18n'
import { connection as doctorSays } from '../../../src/integration/doctor/connection-line'
import { DoctorFacts } from '../../../src/integration/doctor/doctor-facts'
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
    expect(describeConnection(connection({ conflict: 'two_bindings', isEclipsed: true }), 'zh-Hans')).toContain(
      '数字专家'
    )
  })
})

describe('the two rows of Diagnosis about one long connection', () => {
  const rowsOf = (patch: Partial<IntegrationConnection>) => {
    const found = connection(patch)
    const facts: Partial<DoctorFacts> = { connection: found, endpoint: { known: { ok: true } }, isSaved: true }
    const [verdict, cause] = doctorSays(facts as DoctorFacts)
    return { verdict, judged: say(cause, 'en-US'), hint: describeConnection(found, 'en-US') }
  }

  it.each<[string, Partial<IntegrationConnection>, RegExp]>([
    ['disconnected', { desiredState: 'disconnected', state: 'closed' }, /^Disconnected by an administrator/],
    ['disconnected, and in conflict', { desiredState: 'disconnected', conflict: 'secret_refused' }, /^Disconnected by/],
    ['eclipsed', { conflict: 'two_bindings', isEclipsed: true }, /only the first one answers/],
    ['held by somebody else', { conflict: 'other_organization' }, /^Another tenant or organization holds/],
    ['refused its secret', { conflict: 'secret_refused' }, /^Lark did not accept the App Secret/],
    ['in a check of its secret', { conflict: 'secret_unchecked' }, /^The App Secret .* is being checked/]
  ])('say the same of one that is %s', (_what, patch, sentence) => {
    const { verdict, judged, hint } = rowsOf(patch)
    expect(judged).toMatch(sentence)
    expect(hint).toBe(judged)
    expect(verdict).not.toBe('ok')
  })

  it('find nothing wrong with the one that answers, whoever else is published', () => {
    expect(rowsOf({ conflict: 'two_bindings', isEclipsed: false })).toMatchObject({ verdict: 'ok', hint: undefined })
  })
})
