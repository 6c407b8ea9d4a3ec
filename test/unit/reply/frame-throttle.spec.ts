import { frameDueInMs } from '../../../src/reply/frame-throttle'

const NOW = new Date('2026-03-01T10:00:00.000Z')
const ago = (ms: number): Date => new Date(NOW.getTime() - ms)

describe('frameDueInMs', () => {
  it.each([
    ['the first frame', null, 0],
    ['a frame just after another', ago(0), 1_000],
    ['a frame soon after another', ago(400), 600],
    ['a frame a second later', ago(1_000), 0],
    ['a frame long after', ago(60_000), 0],
    ['a frame of a process whose clock is ahead, or before ours was set back', ago(-3_600_000), 1_000]
  ])('for %s', (_what, last, due) => {
    expect(frameDueInMs(last, 'card', NOW)).toBe(due)
  })

  it('lets a streaming card change more often', () => {
    expect(frameDueInMs(ago(100), 'entity', NOW)).toBe(300)
  })
})
