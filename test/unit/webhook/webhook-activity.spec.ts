import { Logger } from '@nestjs/common'
import { deterministicUuid } from '../../../src/shared'
import { WebhookActivity, WebhookRejectedError } from '../../../src/webhook'
import { noFigures, parseFigures } from '../../../src/webhook/webhook-figures'
import { larkIntegration } from '../../support/lark-integration'
import { aloneInstance, TestClock } from '../../support/webhook-parts'

const rejection = (code: 'token' | 'signature') => new WebhookRejectedError(code, 'no')

describe('the figures of callbacks', () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation()
  const clock = new TestClock()
  let activity: WebhookActivity

  beforeEach(() => {
    warn.mockClear()
    activity = new WebhookActivity(aloneInstance(), clock)
  })

  afterAll(() => warn.mockRestore())

  it('are those of one integration', async () => {
    activity.accepted('a')
    activity.refused(rejection('token'), 'a')
    activity.refused(new Error('bug'), 'b')
    expect(await activity.of('a')).toMatchObject({ accepted: 1, rejected: 1, lastRejection: { code: 'token' } })
    expect(await activity.of('b')).toMatchObject({ accepted: 0, rejected: 1, lastRejection: { code: 'internal' } })
    expect(await activity.of('c')).toEqual(noFigures())
  })

  it('only count what anybody can send and what says nothing of the settings', async () => {
    activity.refused(rejection('token'), 'a')
    for (const code of ['malformed', 'too_large'] as const) activity.refused(new WebhookRejectedError(code, 'no'), 'a')
    expect(await activity.of('a')).toMatchObject({ rejected: 3, lastRejection: { code: 'token' } })
  })

  it('keep a call of Lark at the wrong door when strangers call too', async () => {
    const { settings } = larkIntegration({ connectionMode: 'long_connection' })
    const wrong = new WebhookRejectedError('wrong_mode', 'no')
    for (const isProven of [false, true, false]) activity.refused(wrong, 'a', { settings, isProven })
    expect((await activity.of('a')).lastRejection).toMatchObject({ code: 'wrong_mode', isProven: true })
    activity.refused(rejection('token'), 'a', { settings: larkIntegration().settings, isProven: false })
    expect((await activity.of('a')).lastRejection).toMatchObject({ code: 'token' })
  })

  it.each(['own', 'other'] as const)(
    'keep a call of Lark that the %s process heard when a stranger calls the other one later',
    async (proven) => {
      const { settings } = larkIntegration({ connectionMode: 'long_connection' })
      const wrong = new WebhookRejectedError('wrong_mode', 'no')
      const registry = aloneInstance()
      const other = new WebhookActivity(aloneInstance(), clock)
      activity = new WebhookActivity(registry, clock)
      const [first, second] = proven === 'own' ? [activity, other] : [other, activity]
      first.refused(wrong, 'a', { settings, isProven: true })
      clock.advance(1_000)
      second.refused(wrong, 'a', { settings, isProven: false })
      const written = await other.of('a')
      registry.othersOn = async () => [JSON.parse(JSON.stringify(written)) as unknown]
      expect(await activity.of('a')).toMatchObject({ rejected: 2, lastRejection: { isProven: true } })
    }
  )

  it('are kept of the 500 that were used last', async () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => deterministicUuid('integration', String(index)))
    for (const id of ids) activity.accepted(id)
    expect((await activity.of(ids[1_499]!)).accepted).toBe(0)
    expect((await activity.of(ids[1_500]!)).accepted).toBe(1)
  })

  it('say a refusal once a minute, integration and reason, with how often it happened', () => {
    const flood = (times: number) => {
      for (let time = 0; time < times; time += 1) activity.refused(rejection('token'), 'a')
    }
    flood(10_000)
    expect(warn.mock.calls.map(([line]) => String(line))).toEqual([
      'a callback was refused integration=a reason=token times=1'
    ])
    activity.refused(rejection('signature'), 'a')
    activity.refused(rejection('token'), 'b')
    expect(warn).toHaveBeenCalledTimes(3)
    clock.advance(60_000)
    flood(2)
    expect(warn).toHaveBeenCalledTimes(4)
    expect(warn).toHaveBeenLastCalledWith('a callback was refused integration=a reason=token times=10000')
  })

  it('have one line in the log for all ids that strangers make up', () => {
    const unknown = new WebhookRejectedError('unknown_integration', 'no')
    for (let time = 0; time < 1_000; time += 1) activity.refused(unknown)
    expect(warn).toHaveBeenCalledTimes(1)
  })
})

describe('figures from another process', () => {
  it.each<[string, unknown, object]>([
    [
      'as they are written',
      JSON.parse(
        JSON.stringify({ accepted: 3, unhandled: 2, rejected: 1, lastRejection: { code: 'token', at: new Date(5) } })
      ),
      { accepted: 3, unhandled: 2, rejected: 1, lastRejection: { code: 'token', at: new Date(5), isProven: false } }
    ],
    ['of another version', { accepted: '3', rejected: 2, lastRejection: { code: 'x', at: 'soon' } }, { rejected: 2 }],
    ['that are none', [1], { accepted: 0, lastRejection: null }],
    ['that are nothing', null, { accepted: 0, lastRejection: null }]
  ])('%s', (_what, value, expected) => {
    expect(parseFigures(value)).toMatchObject({ lastRejection: null, accepted: 0, ...expected })
  })
})
