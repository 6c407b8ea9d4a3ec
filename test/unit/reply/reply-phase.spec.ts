import { canMove, isFinal, ReplyPhase } from '../../../src/reply/reply-phase'

const PHASES: ReplyPhase[] = ['idle', 'streaming', 'waiting', 'complete', 'failed', 'stopped']

describe('the phases of a reply', () => {
  it.each<[ReplyPhase, ReplyPhase[]]>([
    ['idle', ['streaming', 'waiting', 'complete', 'failed', 'stopped']],
    ['streaming', ['waiting', 'complete', 'failed', 'stopped']],
    ['waiting', ['streaming', 'waiting', 'complete', 'failed', 'stopped']],
    ['complete', []],
    ['failed', ['streaming']],
    ['stopped', ['streaming']]
  ])('%s leads only where it may', (from, allowed) => {
    expect(PHASES.filter((to) => canMove(from, to))).toEqual(allowed)
    expect(isFinal(from)).toBe(['complete', 'failed', 'stopped'].includes(from))
  })
})
