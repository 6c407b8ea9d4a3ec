import { AnswerEnd } from '../../../src/conversation/answer-assembly'
import { conversationAfter, endOf, isRefused, unanswerableEnd } from '../../../src/conversation/answer-end'

const TURN = { stopReason: null, isCancelled: false, attemptNumber: 1, resume: null }
const STOPPED = { ...TURN, stopReason: 'stopped' }
const RESUMED = { ...TURN, resume: { conversationId: 'c', target: {}, decision: { type: 'confirm' as const } } }
const answer = (end: AnswerEnd | null, markdown = '') => ({ end, markdown })

describe('endOf', () => {
  it.each([
    ['goes on while the run speaks', TURN, answer(null, 'half'), false, null],
    ['ends as the run does', TURN, answer('failed'), false, 'failed'],
    ['ends as the run does, lost or not', TURN, answer('answered', 'all'), true, 'answered'],
    ['is asked again when nothing was read of a lost run', TURN, answer(null, ' '), true, 'again'],
    ['is lost the second time', { ...TURN, attemptNumber: 2 }, answer(null), true, 'lost'],
    ['is interrupted when something was read of a lost run', TURN, answer(null, 'half'), true, 'interrupted'],
    [
      'is interrupted when a decision was lost: the run may have acted on it',
      RESUMED,
      answer(null),
      true,
      'interrupted'
    ],
    ['waits for the host after a stop', STOPPED, answer(null, 'half'), false, null],
    ['is stopped by the host’s last word, even an error', STOPPED, answer('failed', 'half'), false, 'stopped'],
    ['is stopped by a cancel', STOPPED, answer('cancelled', 'half'), false, 'stopped'],
    ['is stopped when the host says nothing more', { ...STOPPED, isCancelled: true }, answer(null), false, 'stopped'],
    ['is answered when the stop came too late', STOPPED, answer('answered', 'all'), false, 'answered'],
    ['is not asked again after a stop', { ...STOPPED, isCancelled: true }, answer(null), true, 'stopped']
  ] as const)('%s', (_what, turn, assembly, isLost, expected) => {
    expect(endOf(turn, assembly, isLost)).toBe(expected)
  })
})

describe('unanswerableEnd', () => {
  const cancelled = { ...STOPPED, isCancelled: true }

  it.each([
    ['goes on while its integration may be mended', TURN, false, false, null],
    [
      'ends when its run was lost meanwhile',
      TURN,
      false,
      true,
      { outcome: 'failed', reason: 'integration_unusable', closeDue: true }
    ],
    ['ends with its integration', TURN, true, false, { outcome: 'dropped', reason: 'integration_removed' }],
    ['waits for the host after a stop', STOPPED, false, false, null],
    [
      'is stopped once the run is over',
      cancelled,
      false,
      false,
      { outcome: 'dropped', reason: 'stopped', closeDue: true }
    ],
    [
      'is taken back once the run is over',
      { ...cancelled, stopReason: 'recalled' },
      false,
      true,
      { outcome: 'dropped', reason: 'recalled', closeDue: true }
    ]
  ] as const)('%s', (_what, turn, isRemoved, isLost, expected) => {
    expect(unanswerableEnd(turn, isRemoved, isLost)).toEqual(expected)
  })
})

describe('isRefused', () => {
  it.each([
    ['an error that is all the host says', 1, 'failed', true],
    ['an error after something', 2, 'failed', false],
    ['any other end', 1, 'empty', false]
  ] as const)('of %s', (_what, appliedSequence, end, expected) => {
    expect(isRefused({ appliedSequence }, { end })).toBe(expected)
  })
})

describe('conversationAfter', () => {
  it.each([
    ['is gone', 'gone', false, { conversation: 'gone' }],
    ['is refused, and nobody says why', 'failed', true, { conversation: 'refused' }],
    ['is as it was when a run failed', 'failed', false, {}],
    ['is as it was when a run was stopped', 'stopped', true, {}],
    ['is as it was after an answer', 'answered', false, {}]
  ] as const)('%s', (_what, end, isUnsaid, expected) => {
    expect(conversationAfter(end, isUnsaid)).toEqual(expected)
  })
})
