import { BotIdentity } from '../../../src/lark'
import { Remembered } from '../../../src/lark/remembered'
import { Clock } from '../../../src/shared'

class TestClock extends Clock {
  ms = 0

  now(): Date {
    return new Date(this.ms)
  }
}

const BOT: BotIdentity = { openId: 'ou_bot', name: 'Bot', activateStatus: 2 }

describe('the identity of a bot', () => {
  const clock = new TestClock()
  let asked: number
  let answer: () => Promise<BotIdentity>
  let bots: Remembered<BotIdentity>
  const ask = () => {
    asked += 1
    return answer()
  }

  beforeEach(() => {
    asked = 0
    answer = async () => BOT
    bots = new Remembered(clock, 10 * 60_000)
  })

  it('is kept no longer by a clock that is set back', async () => {
    await bots.of('a', ask)
    clock.ms -= 60 * 60_000
    await bots.of('a', ask)
    clock.ms += 11 * 60_000
    await bots.of('a', ask)
    expect(asked).toBe(2)
  })

  it('is asked once by all who wait, and kept for ten minutes', async () => {
    expect(await Promise.all([bots.of('a', ask), bots.of('a', ask)])).toEqual([BOT, BOT])
    clock.ms += 9 * 60_000
    await bots.of('a', ask)
    expect(asked).toBe(1)
    clock.ms += 2 * 60_000
    await bots.of('a', ask)
    expect(asked).toBe(2)
  })

  it('is unknown for thirty seconds after a failure', async () => {
    answer = async () => {
      throw new Error('away')
    }
    expect(await bots.of('a', ask)).toBeNull()
    answer = async () => BOT
    expect(await bots.of('a', ask)).toBeNull()
    clock.ms += 31_000
    expect(await bots.of('a', ask)).toEqual(BOT)
    expect(asked).toBe(2)
  })

  it('is another one for another app', async () => {
    await bots.of('a', ask)
    await bots.of('b', ask)
    expect(asked).toBe(2)
  })

  it('is asked for anew by whom an old answer is not enough, and stays as it was where Lark does not answer', async () => {
    const { openId, activateStatus } = BOT
    await bots.of('a', ask)
    clock.ms += 30_000
    expect(await bots.of('a', ask, 31_000)).toEqual(BOT)
    expect(asked).toBe(1)
    answer = async () => {
      throw new Error('away')
    }
    expect(await Promise.all([bots.of('a', ask, 30_000), bots.of('a', ask, 30_000)])).toEqual([BOT, BOT])
    expect(asked).toBe(2)
    answer = async () => ({ openId, activateStatus, name: 'Renamed' })
    clock.ms += 30_000
    expect(await bots.of('a', ask)).toEqual(BOT)
    expect(await bots.of('a', ask, 30_000)).toMatchObject({ name: 'Renamed' })
    expect(await bots.of('a', ask)).toMatchObject({ name: 'Renamed' })
    expect(asked).toBe(3)
  })
})
