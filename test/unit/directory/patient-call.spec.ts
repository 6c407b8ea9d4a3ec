import { patiently } from '../../../src/directory/patient-call'
import { LarkApiError, LarkReaction } from '../../../src/lark'
import { larkError } from '../../support/fake-lark'

describe('a list that is asked for patiently', () => {
  let calls: number
  let control: AbortController

  beforeEach(() => {
    jest.useFakeTimers()
    calls = 0
    control = new AbortController()
  })

  afterEach(() => jest.useRealTimers())

  /** Fails as often as there are errors, then answers. */
  const ask = (...errors: Error[]): Promise<string> =>
    patiently(control.signal, async () => {
      const error = errors[calls]
      calls += 1
      if (error) throw error
      return 'a page'
    })
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms)
  const times = (count: number, error: Error): Error[] => Array.from({ length: count }, () => error)

  it.each<LarkReaction>(['retry', 'unknown_outcome', 'slow_down'])('is asked for again after %s', async (code) => {
    const page = ask(larkError(code))
    await pass(1_000)
    expect([await page, calls]).toEqual(['a page', 2])
  })

  it('waits as long as Lark says', async () => {
    const page = ask(new LarkApiError('slow_down', { api: 'test', larkCode: 1, retryAfterMs: 7_000 }))
    await pass(6_999)
    expect(calls).toBe(1)
    await pass(1)
    expect([await page, calls]).toEqual(['a page', 2])
  })

  it('waits longer from one time to the next', async () => {
    const page = ask(...times(2, larkError('retry')))
    await pass(500)
    expect(calls).toBe(2)
    await pass(999)
    expect(calls).toBe(2)
    await pass(1)
    expect([await page, calls]).toEqual(['a page', 3])
  })

  it('gives up after the fifth time, with the last error', async () => {
    const last = larkError('retry')
    const page = ask(...times(4, larkError('slow_down')), last)
    const failed = expect(page).rejects.toBe(last)
    await pass(3_600_000)
    await failed
    expect(calls).toBe(5)
  })

  it.each<[string, Error]>([
    ['what Lark refuses', larkError('forbidden')],
    ['a fault of our own', new Error('a bug')]
  ])('is not asked for again after %s', async (_, error) => {
    await expect(ask(error)).rejects.toBe(error)
    expect([calls, jest.getTimerCount()]).toEqual([1, 0])
  })

  it('is not asked for any more by who stops meanwhile, and who stops does not wait', async () => {
    const error = larkError('slow_down')
    const failed = expect(ask(error, error)).rejects.toBe(error)
    await pass(0)
    control.abort()
    await failed
    expect([calls, jest.getTimerCount()]).toEqual([1, 0])
  })
})
