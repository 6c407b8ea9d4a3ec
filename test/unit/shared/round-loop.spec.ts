import { AsyncLocalStorage } from 'node:async_hooks'
import { Log, RoundLoop } from '../../../src/shared'

const HOUR_MS = 3_600_000

describe('a loop of rounds', () => {
  let loop: RoundLoop | undefined
  let rounds: number
  let waiting: (() => void)[]
  const round = async () => {
    rounds += 1
    waiting.splice(0).forEach((resume) => resume())
  }
  const until = async (count: number) => {
    while (rounds < count) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const start = (work: () => Promise<void> = round, pauseMs = HOUR_MS) => {
    loop = new RoundLoop(work, pauseMs, new Log('test'), 'test')
    loop.start()
    return loop
  }

  beforeEach(() => {
    rounds = 0
    waiting = []
  })

  afterEach(() => loop?.stop())

  it('begins at once and goes on after a pause', async () => {
    start(round, 1)
    await until(3)
  })

  it('goes on at once when somebody rings, also during a round', async () => {
    const running = start(async () => {
      await round()
      if (rounds === 2) running.ring()
    })
    await until(1)
    running.ring()
    await until(3)
  })

  it('survives a round that fails', async () => {
    start(async () => {
      await round()
      throw new Error('broken')
    }, 1)
    await until(2)
  })

  it('does not take over the context of the request that rings', async () => {
    const context = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    const running = start(async () => {
      seen.push(context.getStore())
      await round()
    })
    await until(1)
    context.run('request', () => running.ring())
    await until(2)
    expect(seen).toEqual([undefined, undefined])
  })

  it('ends with the round under way', async () => {
    let finish = () => {}
    let isDone = false
    const running = start(async () => {
      await new Promise<void>((resolve) => (finish = resolve))
      isDone = true
    })
    const stopped = running.stop()
    finish()
    await stopped
    expect(isDone).toBe(true)
  })

  it('starts once, however often it is told to', async () => {
    const running = start()
    running.start()
    await running.stop()
    expect(rounds).toBe(1)
  })
})
