import fc from 'fast-check'
import { backoffSeconds, MAX_ATTEMPTS } from '../../../src/inbox/backoff'

describe('backoffSeconds', () => {
  it('doubles from half a second to a second, up to a minute', () => {
    const least = Array.from({ length: MAX_ATTEMPTS }, (_, index) => backoffSeconds(index + 1, 0))
    expect(least).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30])
  })

  it('is never under half of its ceiling nor over a minute, whatever the dice say', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const seconds = backoffSeconds(attempt, random)
          const ceiling = Math.min(60, 2 ** (attempt - 1))
          expect(seconds).toBeGreaterThanOrEqual(ceiling / 2)
          expect(seconds).toBeLessThanOrEqual(ceiling)
        }
      )
    )
  })

  it('spreads those who failed together', () => {
    expect(backoffSeconds(5, 0.9)).toBeGreaterThan(backoffSeconds(5, 0.1))
  })
})
