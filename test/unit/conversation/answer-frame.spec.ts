import { AnswerAssembly } from '../../../src/conversation/answer-assembly'
import { askingFrame, finalFrame, growingFrame } from '../../../src/conversation/answer-frame'
import { button } from '../../../src/conversation/answer-buttons'
import { RunSignal } from '../../../src/host'
import { say } from '../../../src/i18n'

const answerOf = (...signals: RunSignal[]): AnswerAssembly => {
  const answer = new AnswerAssembly()
  for (const signal of signals) answer.apply(signal)
  return answer
}
const TURN = { id: 'turn', attempt: 'attempt' }

/** The middleware's question about as many calls as there are lists of what may be decided. */
const requesting = (...allowed: (string[] | undefined)[]) => {
  const actionRequests = allowed.map(() => ({ name: 'send_mail', args: {} }))
  const reviewConfigs = allowed.map((allowedDecisions) => ({ actionName: 'send_mail', allowedDecisions }))
  return { tasks: [{ interrupts: [{ value: { actionRequests, reviewConfigs } }] }] }
}
const asksFor = (args: unknown, allowedDecisions: string[]) => {
  const value = {
    actionRequests: [{ name: 'write', args }],
    reviewConfigs: [{ actionName: 'write', allowedDecisions }]
  }
  return { tasks: [{ interrupts: [{ value }] }] }
}
const words: RunSignal = { type: 'text', streamId: 's', text: 'The answer' }
const tool: RunSignal = { type: 'tool', id: '1', title: 'Search', status: 'running' }

describe('growingFrame', () => {
  it('says that somebody works on it while there is nothing to read', () => {
    expect(growingFrame(answerOf(), TURN, 'en-US')).toEqual({
      markdown: '',
      note: say('answering', 'en-US'),
      buttons: [button('stop', TURN, 'en-US')]
    })
  })

  it('shows the text alone once there is some', () => {
    expect(growingFrame(answerOf(words), TURN, 'en-US')).toMatchObject({ markdown: 'The answer' })
  })

  it('names the tool below the text', () => {
    expect(growingFrame(answerOf(words, tool), TURN, 'zh-Hans')).toMatchObject({
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
    ['gone', 'failed', 'failed', 'conversation_gone', 'conversationGone'],
    ['cancelled', 'stopped', 'dropped', 'run_cancelled', 'runCancelledByServer'],
    ['lost', 'failed', 'failed', 'run_lost', 'runLost'],
    ['interrupted', 'failed', 'failed', 'run_interrupted', 'runInterrupted'],
    ['stopped', 'stopped', 'dropped', 'stopped', 'runCancelled']
  ] as const)('of a run that ended %s', (end, phase, outcome, reason, note) => {
    const answer = end === 'empty' ? answerOf() : answerOf(words, tool)
    expect(finalFrame(answer, end, TURN, 'zh-Hans')).toMatchObject({
      phase,
      outcome,
      reason,
      frame: { markdown: answer.markdown, ...(note ? { note: say(note, 'zh-Hans') } : {}) }
    })
  })

  it('shows no tool and no progress any more', () => {
    expect(finalFrame(answerOf(words, tool), 'answered', TURN, 'en-US').frame).toEqual({
      markdown: 'The answer',
      buttons: [button('new', TURN, 'en-US')]
    })
  })
})

describe('askingFrame', () => {
  const asking = (operation: Record<string, unknown>) =>
    askingFrame(answerOf(words, { type: 'conversation_end', status: 'interrupted', operation }), TURN, 'en-US')

  it('shows what is asked with its parameters, and both buttons', () => {
    const value = { actionRequests: [{ name: 'send_mail', args: { to: 'mei' } }], reviewConfigs: [] }
    const frame = asking({ tasks: [{ name: 'middleware', interrupts: [{ value }] }] })
    expect(frame.approval).toContain('send_mail')
    expect(frame.approval).toContain('"to": "mei"')
    expect(frame.buttons?.map(({ name }) => name)).toEqual(['answer_confirm', 'answer_reject'])
  })

  it('offers no reject where the middleware allows none', () => {
    expect(asking(requesting(['approve'])).buttons?.map(({ name }) => name)).toEqual(['answer_confirm'])
  })

  it.each([
    [
      'some of it',
      [
        ['approve', 'reject'],
        ['edit', 'reject']
      ],
      ['answer_reject']
    ],
    ['all of it', [['edit', 'reject']], ['answer_reject']],
    ['no config', [undefined], ['answer_confirm', 'answer_reject']]
  ])('offers no confirm where the middleware takes none for %s, and says who decides', (_what, allowed, buttons) => {
    const frame = asking(requesting(...allowed))
    expect(frame.buttons?.map(({ name }) => name)).toEqual(buttons)
    expect(frame.approval?.includes(say('approvalInXpert', 'en-US'))).toBe(!buttons.includes('answer_confirm'))
  })

  it('names no approvers of what nobody can confirm on a card', () => {
    const operation = requesting(['edit', 'reject'])
    const answer = answerOf({ type: 'conversation_end', status: 'interrupted', operation })
    const { approval } = askingFrame(answer, TURN, 'en-US', { names: 'Bo', isAway: true })
    expect(approval).toContain(say('approvalInXpert', 'en-US'))
    expect(approval).not.toContain('Bo')
  })

  it.each([
    [true, ['answer_reject'], /chat is yours alone/],
    [false, ['answer_confirm', 'answer_reject'], /Only an approver may confirm this: Bo\./]
  ] as const)('says who must approve, away or not (%s)', (isAway, buttons, sentence) => {
    const answer = answerOf({ type: 'conversation_end', status: 'interrupted', operation: { tasks: [{}] } })
    const frame = askingFrame(answer, TURN, 'en-US', { names: 'Bo', isAway })
    expect(frame.buttons?.map(({ name }) => name)).toEqual(buttons)
    expect(frame.approval).toMatch(sentence)
  })

  it('offers only to reject what it does not show', () => {
    const call = { name: 'send_mail', args: { text: 'x'.repeat(40_000) } }
    const frame = asking({ tasks: [{ interrupts: [], call }] })
    expect(frame.approval).toMatch(/\d+ characters are not shown/)
    expect(frame.buttons?.map(({ name }) => name)).toEqual(['answer_reject'])
  })

  describe('that can offer neither Confirm nor Reject', () => {
    const long = { text: 'x'.repeat(40_000) }
    const bo = { names: 'Bo', isAway: true }
    it.each([
      ['the middleware takes neither', requesting(['edit']), null, ['approvalInXpert']],
      ['a card has no room for it', asksFor(long, ['approve']), null, ['approvalInXpert']],
      ['no approver sees the card', requesting(['approve']), bo, ['approvalApproversAbsent']],
      ['nobody sees what is asked', asksFor(long, ['approve']), bo, ['approvalInXpert', 'approvalApproversAbsent']]
    ] as const)('offers a new conversation, and says how it goes on: %s', (_why, operation, approvers, said) => {
      const answer = answerOf({ type: 'conversation_end', status: 'interrupted', operation })
      for (const language of ['en-US', 'zh-Hans'] as const) {
        const { approval, buttons } = askingFrame(answer, TURN, language, approvers)
        expect(buttons).toEqual([button('new', TURN, language)])
        const sentences = [...said, 'approvalGoesOn' as const].map((key) => say(key, language, { names: 'Bo' }))
        expect(approval?.endsWith(sentences.join('\n\n'))).toBe(true)
      }
    })
  })
})
