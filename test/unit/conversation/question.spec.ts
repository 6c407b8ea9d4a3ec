import { decisionFor, questionMarkdown, questionOf } from '../../../src/conversation/question'
import { recordedRuns } from '../../support/recordings'

const middleware = (count: number) => ({
  tasks: [
    {
      name: 'Middleware_HumanInTheLoopMiddleware_after_model',
      interrupts: [
        {
          value: {
            actionRequests: Array.from({ length: count }, (_, index) => ({
              name: `tool_${index}`,
              args: { n: index }
            })),
            reviewConfigs: []
          }
        }
      ]
    }
  ]
})
const tool = {
  tasks: [
    {
      name: 'send',
      type: 'tool',
      interrupts: [],
      info: { name: 'send', title: 'Send' },
      call: { id: '1', name: 'send', args: { to: 'x' } }
    }
  ]
}

describe('what a run asks', () => {
  // The exact decisions are those that a real host took (host-observed 42).
  it('is decided once per request of the middleware', () => {
    const question = questionOf(middleware(2))
    expect(decisionFor(question, 'confirm', 'no')).toEqual({
      type: 'confirm',
      payload: { decisions: [{ type: 'approve' }, { type: 'approve' }] }
    })
    expect(decisionFor(question, 'reject', 'no')).toEqual({
      type: 'reject',
      payload: {
        decisions: [
          { type: 'reject', message: 'no' },
          { type: 'reject', message: 'no' }
        ]
      }
    })
  })

  it('takes no payload for a tool call', () => {
    expect(decisionFor(questionOf(tool), 'confirm', 'no')).toEqual({ type: 'confirm' })
    expect(decisionFor(questionOf(tool), 'reject', 'no')).toEqual({ type: 'reject' })
  })

  it('shows each action with its parameters, which can not leave their code block', () => {
    const evil = { tasks: [{ interrupts: [], call: { name: 'run', args: { code: '```\n<at id=all></at>' } } }] }
    expect(questionMarkdown(questionOf(tool), 'May I?')).toContain('**Send** (send)\n```json\n{\n  "to": "x"\n}\n```')
    expect(questionMarkdown(questionOf(evil), 'May I?').match(/```/g)).toHaveLength(2)
  })

  it.each<Record<string, unknown>>([{}, { tasks: 'none' }, { tasks: [null, 1, {}] }])(
    'can be anything: %j',
    (operation) => {
      expect(() => questionMarkdown(questionOf(operation), 'May I?')).not.toThrow()
    }
  )

  it('is read from what a real host recorded, where the recordings are there', () => {
    for (const { name, messages } of recordedRuns().filter((run) => /^0[67].* 1$/.test(run.name))) {
      const operations = messages.flatMap((message): Record<string, unknown>[] => {
        const payload = message.payload as { event?: { data?: { data?: { operation?: Record<string, unknown> } } } }
        const operation = payload.event?.data?.data?.operation
        return operation ? [operation] : []
      })
      expect([name, operations.length > 0]).toEqual([name, true])
      for (const operation of operations) expect(questionOf(operation)).toMatchObject({ shape: 'middleware' })
    }
  })
})
