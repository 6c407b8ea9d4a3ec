import { Log, SharedRound } from '../../../src/shared'

describe('a shared round', () => {
  let begun: number
  let finish: (() => void)[]
  const rounds = () =>
    new SharedRound(
      () => {
        begun += 1
        return new Promise<void>((resolve) => finish.push(resolve))
      },
      new Log('test'),
      'test'
    )

  beforeEach(() => {
    begun = 0
    finish = []
  })

  afterEach(() => jest.useRealTimers())

  it('is one for all who ask while it is under way', async () => {
    const shared = rounds()
    const asked = [shared.run(), shared.run()]
    finish[0]!()
    await Promise.all(asked)
    expect(begun).toBe(1)
    void shared.run()
    expect(begun).toBe(2)
  })

  it('that fails makes way for the next', async () => {
    let count = 0
    const failing = new SharedRound(
      async () => {
        count += 1
        throw new Error('broken')
      },
      new Log('test'),
      'test'
    )
    await failing.run()
    await failing.run()
    expect(count).toBe(2)
  })

  it('that hangs makes way for the next after a minute', async () => {
    jest.useFakeTimers()
    const shared = rounds()
    const hanging = shared.run()
    await jest.advanceTimersByTimeAsync(59_000)
    void shared.run()
    expect(begun).toBe(1)
    await jest.advanceTimersByTimeAsync(2_000)
    await hanging
    void shared.run()
    expect(begun).toBe(2)
  })

  it('stops with what is under way and what it began, and does not begin again', async () => {
    const shared = rounds()
    let end = (): void => {}
    const ended: string[] = []
    shared.begin(new Promise<void>((resolve) => (end = resolve)).then(() => void ended.push('begun')))
    void shared.run().then(() => void ended.push('round'))
    const stopped = shared.stop().then(() => void ended.push('stopped'))
    finish[0]!()
    end()
    await stopped
    expect(ended.at(-1)).toBe('stopped')
    expect(ended).toHaveLength(3)
    await shared.run()
    expect(begun).toBe(1)
  })
})
