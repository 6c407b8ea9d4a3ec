import { canMove, isFinal, ReplyPhase } from '../../../src/reply/reply-phase'

const PHASES: ReplyPhase[] = ['idle', 'streaming', 'complete', 'failed', 'stopped']

describe('the phases of a reply', () => {
  it.each<[ReplyPhase, ReplyPhase[]]>([
    ['idle', ['streaming', 'complete', 'failed', 'stopped']],
    ['streaming', ['complete', 'failed', 'stopped']],
    ['complete', []],
    ['failed', []],
    ['stopped', []]
  ])('%s leads only forward', (from, allowed) => {
    expect(PHASES.filter((to) => canMove(from, to))).toEqual(allowed)
    expect(isFinal(from)).toBe(allowed.length === 0)
  })
})
