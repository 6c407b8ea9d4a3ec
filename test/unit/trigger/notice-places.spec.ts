import { NoticePlaces } from '../../../src/trigger/notice-places'

describe('places for notices', () => {
  let now: number
  let places: NoticePlaces
  let sent: (() => void)[]

  beforeEach(() => {
    now = 1_000
    sent = []
    places = new NoticePlaces(() => now)
  })

  const hanging = (app: string) => places.run(app, () => new Promise((resolve) => sent.push(resolve)))

  it('are eight of an app; others come back, ten a second', async () => {
    const first = Array.from({ length: 8 }, () => hanging('a'))
    const later = await Promise.all(Array.from({ length: 25 }, () => hanging('a')))
    expect([...new Set(later)]).toEqual([1, 2, 3])
    expect(later.filter((seconds) => seconds === 1)).toHaveLength(10)
    expect(sent).toHaveLength(8)
    for (const done of sent) done()
    expect(await Promise.all(first)).toEqual(Array.from({ length: 8 }, () => null))
    now += 60_000
    expect(await places.run('a', async () => {})).toBeNull()
  })

  it('are each app’s own', async () => {
    const first = Array.from({ length: 8 }, () => hanging('a'))
    expect(await places.run('b', async () => {})).toBeNull()
    for (const done of sent) done()
    await Promise.all(first)
  })

  it('are free again after a refusal, which is the caller’s', async () => {
    for (let count = 0; count < 10; count++)
      await expect(places.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await places.run('a', async () => {})).toBeNull()
  })
})
