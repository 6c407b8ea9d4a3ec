import { AnswerAssembly } from '../../../src/conversation/answer-assembly'
import { finalFrame, growingFrame } from '../../../src/conversation/answer-frame'
import { RunSignal } from '../../../src/host'
import { say } from '../../../src/i18n'

const answerOf = (...signals: RunSignal[]): AnswerAssembly => {
  const answer = new AnswerAssembly()
  for (const signal of signals) answer.apply(signal)
  return answer
}
const words: RunSignal = { type: 'text', streamId: 's', text: 'The answer' }
const tool: RunSignal = { type: 'tool', id: '1', title: 'Search', status: 'running' }

describe('growingFrame', () => {
  it('says that somebody works on it while there is nothing to read', () => {
    expect(growingFrame(answerOf(), 'en-US')).toEqual({ markdown: '', note: say('answering', 'en-US') })
  })

  it('shows the text alone once there is some', () => {
    expect(growingFrame(answerOf(words), 'en-US')).toEqual({ markdown: 'The answer' })
  })

  it('names the tool below the text', () => {
    expect(growingFrame(answerOf(words, tool), 'zh-Hans')).toEqual({
      markdown: 'The answer',
      note: say('toolRunning', 'zh-Hans', { tool: 'Search' })
    })
  })
})

describe('finalFrame', () => {
  it.each([
    ['answered', 'complete', 'answered', 'answered', null],
    ['empty', 'complete', 'answered', 'empty_answer', 'emptyAnswer'],
    ['failed', 'failed', 'failed', 'run_failed', 'runFailed'],
    ['cancelled', 'stopped', 'dropped', 'run_cancelled', 'runCancelled'],
    ['approval', 'failed', 'failed', 'approval_unsupported', 'approvalNeeded']
  ] as const)('of a run that ended %s', (end, phase, outcome, reason, note) => {
    const answer = end === 'empty' ? answerOf() : answerOf(words, tool)
    expect(finalFrame(answer, end, 'zh-Hans')).toMatchObject({
      phase,
      outcome,
      reason,
      frame: { markdown: answer.markdown, ...(note ? { note: say(note, 'zh-Hans') } : {}) }
    })
  })

  it('shows no tool and no progress any more', () => {
    expect(finalFrame(answerOf(words, tool), 'answered', 'en-US').frame).toEqual({ markdown: 'The answer' })
  })
})
