import { decisionFor, approvalRequestOf } from '../../../src/conversation/approval-request'
import { shownApproval } from '../../../src/conversation/approval-markdown'
import { MAX_APPROVAL_BYTES, nestedBytes } from '../../../src/reply'
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

const shown = (operation: Record<string, unknown>) => shownApproval(approvalRequestOf(operation), 'en-US')
const markdownOf = (operation: Record<string, unknown>): string => shown(operation).markdown
const calling = (...calls: [name: string, args: unknown][]) => ({
  tasks: calls.map(([name, args]) => ({ interrupts: [], call: { name, args } }))
})

describe('what a run asks', () => {
  // The exact decisions are those that a real host took (host-observed 42).
  it('is decided once per request of the middleware', () => {
    const question = approvalRequestOf(middleware(2))
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
    expect(decisionFor(approvalRequestOf(tool), 'confirm', 'no')).toEqual({ type: 'confirm' })
    expect(decisionFor(approvalRequestOf(tool), 'reject', 'no')).toEqual({ type: 'reject' })
  })

  it('shows each action with its parameters, which can not leave their code block', () => {
    const evil = { tasks: [{ interrupts: [], call: { name: 'run', args: { code: '```\n<at id=all></at>' } } }] }
    expect(markdownOf(tool)).toContain('**Send** (send)\n```json\n{\n  "to": "x"\n}\n```')
    expect(markdownOf(evil).match(/```/g)).toHaveLength(2)
  })

  it('names every action before the arguments of the first one', () => {
    const markdown = markdownOf(calling(['read', { text: 'x'.repeat(5_000) }], ['delete_all', {}]))
    expect(markdown.indexOf('delete_all')).toBeGreaterThan(-1)
    expect(markdown.indexOf('delete_all')).toBeLessThan(markdown.indexOf('```'))
  })

  it('is whole as far as a card has room for it', () => {
    const operation = calling(['write', { text: `${'x'.repeat(20_000)} the end` }])
    expect(shown(operation)).toMatchObject({ isWhole: true, markdown: expect.stringContaining('the end') })
  })

  it.each([
    ['one long argument', calling(['write', { text: 'x'.repeat(40_000) }])],
    ['many quotes', calling(['write', { text: '"'.repeat(9_000) }])],
    [
      'many actions',
      calling(...Array.from({ length: 2_000 }, (_, index): [string, unknown] => [`tool_${index}`, { n: 1 }]))
    ],
    ['a long name', calling(['n'.repeat(30_000), {}], ['m'.repeat(30_000), {}])],
    ['one long name', calling(['n'.repeat(30_000), {}])]
  ])('says how much of %s has no room on the card', (_, operation) => {
    const { markdown, isWhole } = shown(operation)
    expect(isWhole).toBe(false)
    expect(markdown).toMatch(/\d+ characters are not shown/)
    expect(nestedBytes(markdown)).toBeLessThanOrEqual(MAX_APPROVAL_BYTES)
  })

  it('shows what nobody would see, and what turns the text around', () => {
    const markdown = markdownOf(
      calling(['pay\u202e', { to: 'a\u202eb\u200bc\u0085d\u{e0041}\ufe0f \u2028', text: '一 é 😀 `x`' }])
    )
    expect(markdown).toContain('"a\\u202eb\\u200bc\\u0085d\\udb40\\udc41\\ufe0f \\u2028"')
    expect(markdown).toContain('**pay\\u202e**')
    expect(markdown).toContain('"一 é 😀 `x`"')
  })

  it('shows half a character for what it is, in a name too', () => {
    const markdown = markdownOf(calling(['pay\ud800\u0000', { text: 'a\ud800b\u0000 😀' }]))
    expect(markdown).toContain('**pay\\ud800\\u0000**')
    expect(markdown).toContain('"a\\ud800b\\u0000 😀"')
  })

  it('mentions nobody', () => {
    expect(markdownOf(calling(['<at id=all>', { text: '<at id=all></at>' }]))).not.toMatch(/<\/?at/)
  })

  it.each<Record<string, unknown>>([{}, { tasks: 'none' }, { tasks: [null, 1, {}] }])(
    'can be anything: %j',
    (operation) => {
      expect(() => markdownOf(operation)).not.toThrow()
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
      for (const operation of operations) expect(approvalRequestOf(operation)).toMatchObject({ shape: 'middleware' })
    }
  })
})
