import { AppInspections, LarkApiError } from '../../../src/lark'
import { SecretChecks, secretDigest } from '../../../src/long-connection/secret-checks'
import { larkError } from '../../support/fake-lark'
import { TestClock } from '../../support/webhook-parts'

const APP = { appId: 'cli_0123456789abcdef', appSecret: 'a', region: 'feishu' } as const

class AskedLark {
  failure: LarkApiError | undefined
  asked = 0

  for(): { credentials(): Promise<void> } {
    return { credentials: () => this.answer() }
  }

  private async answer(): Promise<void> {
    this.asked += 1
    if (this.failure) throw this.failure
  }
}

describe('whether Lark takes a secret', () => {
  let lark: AskedLark
  let clock: TestClock
  let checks: SecretChecks

  const answered = () => new Promise<void>((resolve) => (checks.onAnswer = resolve))

  beforeEach(() => {
    lark = new AskedLark()
    clock = new TestClock()
    checks = new SecretChecks(lark as unknown as AppInspections, clock)
  })

  it('is not known until Lark has answered, and is then asked no more', async () => {
    const answer = answered()
    expect([checks.verdictOf(APP), checks.verdictOf(APP)]).toEqual(['unknown', 'unknown'])
    await answer
    clock.advance(86_400_000)
    expect([checks.verdictOf(APP), lark.asked]).toEqual(['accepted', 1])
  })

  it('is asked again after five minutes when it was refused, and at once when it was saved', async () => {
    lark.failure = larkError('credentials')
    let answer = answered()
    checks.verdictOf(APP)
    await answer
    clock.advance(299_000)
    expect([checks.verdictOf(APP), lark.asked]).toEqual(['refused', 1])
    lark.failure = undefined
    answer = answered()
    clock.advance(1_000)
    expect(checks.verdictOf(APP)).toBe('refused')
    await answer
    expect([checks.verdictOf(APP), lark.asked]).toEqual(['accepted', 2])
    checks.forget(APP)
    expect([checks.verdictOf(APP), lark.asked]).toEqual(['unknown', 3])
  })

  it('stays unknown while Lark can not be asked, and is asked again after a while', async () => {
    lark.failure = larkError('unknown_outcome')
    checks.verdictOf(APP)
    await new Promise(setImmediate)
    expect([checks.verdictOf(APP), lark.asked]).toEqual(['unknown', 1])
    clock.advance(15_000)
    expect([checks.verdictOf(APP), lark.asked]).toEqual(['unknown', 2])
  })

  it('is what a connection has shown', () => {
    checks.learn(APP, 'accepted')
    expect(checks.verdictOf(APP)).toBe('accepted')
    checks.learn(APP, 'refused')
    expect([checks.verdictOf(APP), lark.asked]).toEqual(['refused', 0])
  })

  it('differs by app, cloud and secret', () => {
    const digests = [APP, { ...APP, appSecret: 'b' }, { ...APP, region: 'lark' } as const].map(secretDigest)
    expect(new Set(digests).size).toBe(3)
  })
})
