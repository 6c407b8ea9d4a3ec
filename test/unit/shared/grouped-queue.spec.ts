import { GroupedQueue, TimedOutError } from '../../../src/shared'

describe('GroupedQueue', () => {
  it('stores a lone item at once, and those that follow it closely together', async () => {
    const groups: number[][] = []
    const queue = new GroupedQueue<number, void>(
      async (items) => {
        groups.push([...items])
        return items.map(() => undefined)
      },
      100,
      { gatherMs: 20 }
    )
    await queue.add(0)
    expect(groups).toEqual([[0]])
    await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((item) => queue.add(item)))
    expect(groups).toEqual([[0], [1, 2, 3, 4, 5, 6, 7, 8]])
  })

  it('lets one bad item fail alone', async () => {
    const queue = new GroupedQueue<number, number>(async (items) => {
      if (items.includes(2)) throw Object.assign(new Error('bad'), { code: '22P05' })
      return [...items]
    }, 100)
    const results = await Promise.allSettled([0, 1, 2, 3].map((item) => queue.add(item)))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  describe('with a limit', () => {
    beforeEach(() => jest.useFakeTimers())

    afterEach(() => jest.useRealTimers())

    /** Statements that end when the test says so. */
    const heldQueue = () => {
      const statements: { items: number[]; end(outcome?: Error): void }[] = []
      const statement = (items: readonly number[]): Promise<number[]> =>
        new Promise((resolve, reject) => {
          statements.push({ items: [...items], end: (error) => (error ? reject(error) : resolve([...items])) })
        })
      return { statements, queue: new GroupedQueue(statement, 100, { limitMs: 1_000 }) }
    }

    it('tries no further item by itself once the database has fallen silent', async () => {
      const { statements, queue } = heldQueue()
      const all = Promise.allSettled([1, 2, 3, 4].map((item) => queue.add(item)))
      await jest.advanceTimersByTimeAsync(0)
      statements[0]!.end(Object.assign(new Error('bad'), { code: '22P05' }))
      await jest.advanceTimersByTimeAsync(0)
      statements[1]!.end()
      await jest.advanceTimersByTimeAsync(1_000)
      expect((await all).map((result) => result.status === 'fulfilled' || result.reason)).toEqual([
        true,
        ...Array.from({ length: 3 }, () => expect.any(TimedOutError))
      ])
      expect(statements.map(({ items }) => items)).toEqual([[1, 2, 3, 4], [1], [2]])
    })

    it.each([
      ['succeeds', undefined],
      ['fails', Object.assign(new Error('bad'), { code: '22P05' })]
    ])('gives a group up that does not end in time, and goes on; what %s later changes nothing', async (_how, late) => {
      const { statements, queue } = heldQueue()
      const hanging = Promise.allSettled([queue.add(1), queue.add(2)])
      await jest.advanceTimersByTimeAsync(500)
      const next = queue.add(3)
      await jest.advanceTimersByTimeAsync(500)
      expect((await hanging).map((result) => result.status === 'rejected' && result.reason)).toEqual([
        expect.any(TimedOutError),
        expect.any(TimedOutError)
      ])
      expect(statements.map(({ items }) => items)).toEqual([[1, 2], [3]])
      statements[0]!.end(late)
      statements[1]!.end()
      expect(await next).toBe(3)
      await jest.advanceTimersByTimeAsync(5_000)
      expect(statements).toHaveLength(2)
      expect(jest.getTimerCount()).toBe(0)
    })
  })
})
