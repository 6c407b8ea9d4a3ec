import { canMove, INBOX_STATES, InboxState, isTerminal, statesBefore } from '../../../src/inbox/inbox-state'

/** The table of docs/architecture.md, States. */
const MOVES: [InboxState, InboxState[]][] = [
  ['received', ['claimed']],
  ['claimed', ['received', 'refused', 'attached', 'answered', 'dropped', 'failed']],
  ['attached', ['answered', 'failed', 'dropped']],
  ['refused', []],
  ['answered', []],
  ['failed', ['attached']],
  ['dropped', ['attached']]
]

describe('the states of an accepted event', () => {
  it('are those of docs/architecture.md', () => {
    expect([...INBOX_STATES].sort()).toEqual(MOVES.map(([state]) => state).sort())
  })

  describe.each(MOVES)('%s', (from, allowed) => {
    it.each(INBOX_STATES)('moves to %s only as designed', (to) => {
      expect(canMove(from, to)).toBe(allowed.includes(to))
    })

    it('is terminal only when nothing follows', () => {
      expect(isTerminal(from)).toBe(allowed.length === 0)
    })
  })

  it('names the states before each, for the writes that may lead there', () => {
    for (const to of INBOX_STATES) {
      expect(statesBefore(to)).toEqual(MOVES.filter(([, allowed]) => allowed.includes(to)).map(([from]) => from))
    }
  })
})
