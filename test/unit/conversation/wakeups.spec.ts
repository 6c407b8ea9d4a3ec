import { Wakeups } from '../../../src/conversation/wakeups'

/** A flush that the test ends: `finish(true)` asks for another. */
class Flushes {
  readonly calls: string[] = []
  private readonly open: ((again: boolean) => void)[] = []

  readonly flush = (turnId: string, attempt: string): Promise<boolean> => {
    this.calls.push(`${turnId}/${attempt}`)
    return new Promise((resolve) => this.open.push(resolve))
  }

  async finish(again = false): Promise<void> {
    this.open.shift()!(again)
    await settle()
  }
}

const settle = async (): Promise<void> => {
  for (let round = 0; round < 10; round += 1) await Promise.resolve()
}

describe('Wakeups', () => {
  let flushes: Flushes
  let wakeups: Wakeups

  beforeEach(() => {
    jest.useFakeTimers()
    flushes = new Flushes()
    wakeups = new Wakeups(flushes.flush)
  })

  afterEach(() => jest.useRealTimers())

  it('flushes an attempt once at a time, and once more for all that rang meanwhile', async () => {
    wakeups.ring('t', 'a', false)
    for (let rings = 0; rings < 5; rings += 1) wakeups.ring('t', 'a', false)
    expect(flushes.calls).toHaveLength(1)
    await flushes.finish()
    expect(flushes.calls).toHaveLength(2)
    await flushes.finish()
    expect(flushes.calls).toHaveLength(2)
  })

  it('flushes other attempts at the same time', () => {
    wakeups.ring('t1', 'a1', false)
    wakeups.ring('t2', 'a2', false)
    expect(flushes.calls).toEqual(['t1/a1', 't2/a2'])
  })

  it('flushes again when the flush says so', async () => {
    wakeups.ring('t', 'a', false)
    await flushes.finish(true)
    expect(flushes.calls).toHaveLength(2)
  })

  it('starts anew after the last flush', async () => {
    wakeups.ring('t', 'a', false)
    await flushes.finish()
    wakeups.ring('t', 'a', false)
    expect(flushes.calls).toHaveLength(2)
  })

  describe('a pause', () => {
    const pause = async (): Promise<{ over: () => boolean }> => {
      let over = false
      void wakeups.pause('a', 1_000).then(() => {
        over = true
      })
      await settle()
      return { over: () => over }
    }

    beforeEach(() => wakeups.ring('t', 'a', false))

    it('lasts its time, whoever rings', async () => {
      const { over } = await pause()
      wakeups.ring('t', 'a', false)
      await jest.advanceTimersByTimeAsync(999)
      expect(over()).toBe(false)
      await jest.advanceTimersByTimeAsync(1)
      expect(over()).toBe(true)
    })

    it('is cut short by an urgent ring', async () => {
      const { over } = await pause()
      wakeups.ring('t', 'a', true)
      await settle()
      expect(over()).toBe(true)
    })

    it('is not taken at all after an urgent ring that came just before it, but is the next time', async () => {
      wakeups.ring('t', 'a', true)
      expect((await pause()).over()).toBe(true)
      expect((await pause()).over()).toBe(false)
    })

    it('is taken in full where the urgent ring came before the flush began', async () => {
      wakeups.ring('t', 'a', true)
      await flushes.finish()
      expect((await pause()).over()).toBe(false)
    })

    it('is cut short by the stop', async () => {
      const { over } = await pause()
      const stopped = wakeups.stop()
      await settle()
      expect(over()).toBe(true)
      await flushes.finish()
      await stopped
    })
  })

  it('rings once in a while where it is asked to, however often', async () => {
    wakeups.ringIn('t', 'a', 5_000)
    wakeups.ringIn('t', 'a', 5_000)
    await jest.advanceTimersByTimeAsync(4_999)
    expect(flushes.calls).toEqual([])
    await jest.advanceTimersByTimeAsync(1)
    expect(flushes.calls).toEqual(['t/a'])
    await flushes.finish()
    expect(jest.getTimerCount()).toBe(0)
  })

  describe('the stop', () => {
    it('waits for running flushes, starts none, and leaves no timer', async () => {
      wakeups.ring('t', 'a', false)
      wakeups.ringIn('t', 'b', 60_000)
      let stopped = false
      const stop = wakeups.stop().then(() => {
        stopped = true
      })
      wakeups.ring('t', 'c', true)
      await settle()
      expect(stopped).toBe(false)
      await flushes.finish(true)
      await stop
      expect(flushes.calls).toEqual(['t/a'])
      expect(jest.getTimerCount()).toBe(0)
    })
  })
})
