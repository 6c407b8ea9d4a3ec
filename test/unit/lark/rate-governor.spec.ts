import fc from 'fast-check'
import { InstanceIdentity, InstanceRegistry } from '../../../src/cluster'
import { LarkApiError } from '../../../src/lark'
import { CallWindow } from '../../../src/lark/call-window'
import { PlannedCall, RateGovernor } from '../../../src/lark/rate-governor'

class Cluster extends InstanceRegistry {
  constructor(private readonly count: number) {
    super(undefined as never, new InstanceIdentity())
  }

  override get living(): number {
    return this.count
  }
}

const CALL: PlannedCall = { appKey: 'feishu:cli_1', api: 'im.message.reply', urgency: 'answer' }

describe('CallWindow', () => {
  it('never holds more than its limit in any window', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 400 }), { maxLength: 80 }), fc.integer({ min: 1, max: 9 }), (steps, limit) => {
        const window = new CallWindow(1_000)
        const booked: number[] = []
        let now = 0
        for (const step of steps) {
          now += step
          const at = window.nextFree(now, limit)
          window.book(at)
          booked.push(at)
        }
        for (const at of booked)
          expect(booked.filter((other) => other > at - 1_000 && other <= at).length).toBeLessThanOrEqual(limit)
      })
    )
  })
})

describe('RateGovernor', () => {
  let times: number[]

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 })
    times = []
  })

  afterEach(() => jest.useRealTimers())

  const governor = (instances = 1) => new RateGovernor(new Cluster(instances))
  const make = async (over: RateGovernor, count: number, more: Partial<PlannedCall> = {}): Promise<void> => {
    const all = Array.from({ length: count }, () => over.turn({ ...CALL, ...more }).then(() => times.push(Date.now())))
    await jest.runAllTimersAsync()
    await Promise.all(all)
  }
  const mostIn = (windowMs: number): number =>
    Math.max(...times.map((at) => times.filter((other) => other > at - windowMs && other <= at).length))

  it.each([
    [1, 50, 1_000],
    [2, 25, 500],
    [5, 10, 200]
  ])('keeps the share of one of %i instances in Lark’s limits', async (instances, perSecond, perMinute) => {
    await make(governor(instances), 1_200)
    expect(mostIn(1_000)).toBeLessThanOrEqual(perSecond)
    expect(mostIn(60_000)).toBeLessThanOrEqual(perMinute)
  })

  it('keeps to Lark’s second where a burst takes up to half of one to get there', async () => {
    await make(governor(), 180)
    times = times.map((at, call) => at + (Math.floor(call / 45) % 2 === 0 ? 499 : 0))
    expect(mostIn(1_000)).toBeLessThanOrEqual(50)
  })

  it.each([
    ['a chat', { chatId: 'oc_1' }, 5],
    ['a patched message', { messageId: 'om_1' }, 1],
    ['a card entity', { cardId: '7' }, 10]
  ])('keeps to the limit of %s', async (_what, target, limit) => {
    await make(governor(), 30, target)
    expect(mostIn(1_000)).toBeLessThanOrEqual(limit)
  })

  it('lets first and last words pass the frames that wait', async () => {
    const over = governor()
    await make(over, 31, { urgency: 'frame' })
    const order: string[] = []
    const waiting = [
      ...Array.from({ length: 20 }, () => over.turn({ ...CALL, urgency: 'frame' }).then(() => order.push('frame'))),
      ...Array.from({ length: 5 }, () => over.turn(CALL).then(() => order.push('answer')))
    ]
    await jest.runAllTimersAsync()
    await Promise.all(waiting)
    expect(order.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'answer'))
  })

  it('lets frames get rarer the more answers run, and gives each its turn', () => {
    const over = governor(2)
    const delays = Array.from({ length: 100 }, () => over.frameDelayMs(CALL.appKey, 'im.message.patch'))
    expect(delays[0]).toBe(0)
    expect(delays[99]! / 99).toBeGreaterThan((60_000 / 500) * 0.9)
    expect([...delays].sort((a, b) => a - b)).toEqual(delays)
  })

  it('lets nobody wait for a clock that was set back, nor go too fast for one that was set forward', async () => {
    const over = governor()
    const target = { chatId: 'oc_1', messageId: 'om_1', cardId: '7' }
    await make(over, 1, target)
    jest.setSystemTime(Date.now() - 3_600_000)
    const from = performance.now()
    await make(over, 1, target)
    expect(performance.now() - from).toBeLessThanOrEqual(1_000)

    jest.setSystemTime(Date.now() + 3_600_000)
    const then = performance.now()
    await make(over, 1, target)
    expect(performance.now() - then).toBeGreaterThanOrEqual(1_000)
  })

  it('waits as long as Lark says', async () => {
    const over = governor()
    over.heard(CALL, new LarkApiError('slow_down', { api: CALL.api, larkCode: 99991400, retryAfterMs: 7_000 }))
    await make(over, 1)
    expect(times[0]).toBeGreaterThanOrEqual(7_000)
  })

  it('leaves a chat alone for longer each time that it was written to too often', async () => {
    const over = governor()
    const refusal = new LarkApiError('drop_frame', { api: CALL.api, larkCode: 230020 })
    for (const atLeast of [1_000, 2_000, 4_000]) {
      over.heard({ ...CALL, chatId: 'oc_1' }, refusal)
      const from = Date.now()
      times = []
      await make(over, 1, { chatId: 'oc_1' })
      expect(times[0]! - from).toBeGreaterThanOrEqual(atLeast)
    }
  })

  it('gives out no frame once the monthly quota is used up, and every answer', async () => {
    const over = governor()
    over.heard(CALL, new LarkApiError('quota', { api: CALL.api, larkCode: 99991403 }))
    expect(over.frameDelayMs(CALL.appKey, 'im.message.patch')).toBe(Number.POSITIVE_INFINITY)
    await make(over, 1)
    expect(times).toEqual([0])
  })
})
