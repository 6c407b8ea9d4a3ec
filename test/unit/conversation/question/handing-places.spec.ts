import { getEventListeners, setMaxListeners } from 'node:events'
import { HandingPlaces } from '../../../../src/conversation/question/handing-places'
import { MIB } from '../../../support/bytes'

const never = () => new Promise<never>(() => {})
const REFUSED = { code: 'refused' }

describe('places in memory for files on their way to the host', () => {
  let places: HandingPlaces
  const signal = new AbortController().signal
  setMaxListeners(100, signal)

  beforeEach(() => {
    jest.useFakeTimers()
    places = new HandingPlaces()
  })

  afterEach(() => jest.useRealTimers())

  /** What became of it so far. */
  const handing = (bytes: number, work: () => Promise<string>, until = signal) => {
    const seen: { result?: unknown; begun: boolean } = { begun: false }
    places
      .run(bytes, until, () => {
        seen.begun = true
        return work()
      })
      .then(
        (result) => (seen.result = result),
        (error: unknown) => (seen.result = error)
      )
    return seen
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms)

  it('are two, of large files one', async () => {
    const small = [1, 2, 3].map(() => handing(1, never))
    const large = [1, 2].map(() => handing(9 * MIB, never))
    await pass(0)
    expect(small.map(({ begun }) => begun)).toEqual([true, true, false])
    expect(large.map(({ begun }) => begun)).toEqual([false, false])
  })

  it('go to the next one when the host has answered', async () => {
    let answer = (_: string) => {}
    const first = handing(9 * MIB, () => new Promise((resolve) => (answer = resolve)))
    const second = handing(9 * MIB, async () => 'second')
    await pass(0)
    expect(second.begun).toBe(false)
    answer('first')
    await pass(0)
    expect([first.result, second.result]).toEqual(['first', 'second'])
  })

  it('are not waited for where the host answers none of them', async () => {
    const hanging = [handing(1, never), handing(1, never)]
    const waiting = handing(1, async () => 'waited')
    await pass(20_000)
    const later = handing(1, async () => 'later')
    await pass(0)
    for (const { result } of [...hanging, waiting, later]) expect(result).toMatchObject(REFUSED)
    expect([waiting.begun, later.begun]).toEqual([false, false])
  })

  it('leave one to small files while a large one hangs', async () => {
    const large = handing(9 * MIB, never)
    await pass(20_000)
    const others = [handing(9 * MIB, async () => 'large'), handing(1, async () => 'small')]
    await pass(0)
    expect(large.result).toMatchObject(REFUSED)
    expect(others[0]!.result).toMatchObject(REFUSED)
    expect(others[1]!.result).toBe('small')
  })

  it('are free again when the host answers after all, or has lost the call', async () => {
    let answer = (_: string) => {}
    handing(1, () => new Promise((resolve) => (answer = resolve)))
    handing(1, never)
    await pass(20_000)
    answer('late')
    await pass(0)
    expect((await settled(handing(1, async () => 'one'))).result).toBe('one')
    await pass(5 * 60_000)
    const two = [handing(1, never), handing(1, never)]
    await pass(0)
    expect(two.map(({ begun }) => begun)).toEqual([true, true])
  })

  it('are left by whoever’s time is up', async () => {
    const over = new AbortController()
    const hanging = [handing(1, never), handing(1, never)]
    const waiting = handing(1, async () => 'waited', over.signal)
    await pass(0)
    over.abort()
    await pass(0)
    expect(waiting.result).toMatchObject(REFUSED)
    expect(hanging.map(({ result }) => result)).toEqual([undefined, undefined])
  })

  it('go past those who have left', async () => {
    const over = new AbortController()
    const answers: ((text: string) => void)[] = []
    const held = [1, 2].map(() => handing(1, () => new Promise((resolve) => answers.push(resolve))))
    const left = [1, 2, 3].map(() => handing(1, async () => 'left', over.signal))
    const waiting = [1, 2].map(() => handing(1, async () => 'waited'))
    await pass(0)
    over.abort()
    for (const answer of answers) answer('first')
    await pass(0)
    expect(held.map(({ result }) => result)).toEqual(['first', 'first'])
    expect(left.map(({ begun }) => begun)).toEqual([false, false, false])
    expect(waiting.map(({ result }) => result)).toEqual(['waited', 'waited'])
  })

  it('leave no listener behind', async () => {
    const over = new AbortController()
    await settled(handing(1, async () => 'one', over.signal))
    expect(getEventListeners(over.signal, 'abort')).toEqual([])
  })

  const settled = async <T>(seen: T): Promise<T> => {
    await pass(0)
    return seen
  }
})
