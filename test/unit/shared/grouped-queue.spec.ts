import { GroupedQueue } from '../../../src/shared'

describe('GroupedQueue', () => {
  it('stores a lone item at once, and those that follow it closely together', async () => {
    const groups: number[][] = []
    const queue = new GroupedQueue<number, void>(
      async (items) => {
        groups.push([...items])
        return items.map(() => undefined)
      },
      100,
      20
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
})
