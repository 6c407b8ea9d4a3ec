import { HandoffMessage, parseRunCallback, RunCallbackInvalidError, RunSignal } from '../../../src/host'
import { withRecordings } from '../../support/recordings'

const message = (payload: unknown, more: Partial<HandoffMessage> = {}): HandoffMessage => ({
  id: 'a:callback:1',
  type: 'plugin.lark.run_event.v1',
  version: 1,
  tenantId: 't',
  sessionKey: 's',
  businessKey: 's',
  attempt: 1,
  maxAttempts: 5,
  enqueuedAt: 1_000,
  traceId: 'a',
  payload,
  ...more
})

const stream = (data: unknown): HandoffMessage =>
  message({ kind: 'stream', sourceMessageId: 'a', sequence: 1, context: { turnId: 't1' }, event: { data } })
const lifeCycle = (event: string, data: unknown): HandoffMessage => stream({ type: 'event', event, data })
const part = (data: unknown): HandoffMessage => stream({ type: 'message', data })

const file = (text: string): RunSignal => ({ type: 'text', streamId: text, text })

describe('parseRunCallback', () => {
  it('reads whose event it is, which one, and when it was queued', () => {
    expect(
      parseRunCallback(message({ kind: 'complete', sourceMessageId: 'a', sequence: 14, context: { turnId: 't1' } }))
    ).toEqual({
      attempt: 'a',
      sequence: 14,
      enqueuedAt: 1_000,
      executionId: undefined,
      context: { turnId: 't1' },
      signal: { type: 'complete' }
    })
  })

  it.each<[string, HandoffMessage, RunSignal]>([
    ['a delta', part({ type: 'text', text: ' hi', id: 's1' }), { type: 'text', streamId: 's1', text: ' hi' }],
    ['a delta of blanks', part({ type: 'text', text: '\n' }), { type: 'text', streamId: '', text: '\n' }],
    ['a file', part({ type: 'file', filePath: '/workspace/a.pdf' }), file('[](/workspace/a.pdf)')],
    [
      'a file with brackets and blanks in its path',
      part({ type: 'file', workspacePath: 'out/my report (1)\u3000100%.pdf', originalName: 'report [1].pdf' }),
      file('[report  1 .pdf](/workspace/out/my%20report%20%281%29%E3%80%80100%25.pdf)')
    ],
    [
      'a file with brackets and blanks in its address',
      part({ type: 'file', fileUrl: 'https://x.example/a b(1)<2>.pdf?q=%20', name: 'a' }),
      file('[a](https://x.example/a%20b%281%29%3C2%3E.pdf?q=%20)')
    ],
    [
      'an image as data in lines',
      part({ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA\r\nBBBB' } }),
      file('![](data:image/png;base64,AAAABBBB)')
    ],
    [
      'a file with half a character in its path',
      part({ type: 'file', filePath: '\ud800.pdf' }),
      file('[](/workspace/%EF%BF%BD.pdf)')
    ],
    ['a bare text', part('from memory'), { type: 'text', streamId: '', text: 'from memory' }],
    ['a delta without text', part({ type: 'text' }), { type: 'other' }],
    ['reasoning, which is not for a person', part({ type: 'reasoning', text: 'hm' }), { type: 'other' }],
    [
      'a tool at work',
      part({ type: 'component', id: 'c', data: { title: 'Search', status: 'running' } }),
      { type: 'tool', id: 'c', title: 'Search', status: 'running' }
    ],
    [
      'a tool that failed',
      part({ type: 'component', id: 'c', data: { tool: 'find', status: 'fail' } }),
      { type: 'tool', id: 'c', title: 'find', status: 'fail' }
    ],
    [
      'the conversation',
      lifeCycle('on_conversation_start', { id: 'c1' }),
      { type: 'conversation_start', conversationId: 'c1' }
    ],
    ['a conversation without id', lifeCycle('on_conversation_start', {}), { type: 'other' }],
    [
      'a message',
      lifeCycle('on_message_start', { id: 'm', executionId: 'e' }),
      { type: 'message_start', aiMessageId: 'm', executionId: 'e' }
    ],
    [
      'a whole text',
      lifeCycle('on_message_end', { id: 'm', content: 'all' }),
      { type: 'message_end', aiMessageId: 'm', executionId: undefined, content: 'all' }
    ],
    [
      'whole parts',
      lifeCycle('on_message_end', {
        content: [{ type: 'component' }, { type: 'text', text: 'a' }, null, { type: 'text', text: 'b' }]
      }),
      { type: 'message_end', aiMessageId: undefined, executionId: undefined, content: 'a\n\nb' }
    ],
    [
      'no content',
      lifeCycle('on_message_end', {}),
      { type: 'message_end', aiMessageId: undefined, executionId: undefined, content: null }
    ],
    [
      'an end',
      lifeCycle('on_conversation_end', { status: 'idle' }),
      { type: 'conversation_end', status: 'idle', operation: null, error: undefined }
    ],
    [
      'an interrupt',
      lifeCycle('on_conversation_end', { status: 'interrupted', operation: { tasks: [] } }),
      { type: 'conversation_end', status: 'interrupted', operation: { tasks: [] }, error: undefined }
    ],
    ['an unknown event', lifeCycle('on_something_new', { id: 'x' }), { type: 'other' }],
    ['no data', stream(undefined), { type: 'other' }],
    [
      'an error',
      message({ kind: 'error', sourceMessageId: 'a', sequence: 1, error: 'no access' }),
      { type: 'error', message: 'no access' }
    ],
    [
      'an error without words',
      message({ kind: 'error', sourceMessageId: 'a', sequence: 1 }),
      { type: 'error', message: 'unknown' }
    ]
  ])('understands %s', (_what, callback, signal) => {
    expect(parseRunCallback(callback).signal).toEqual(signal)
  })

  it.each<[string, unknown]>([
    ['no payload', undefined],
    ['a payload that is no object', 'complete'],
    ['no dispatch', { kind: 'complete', sequence: 1 }],
    ['no sequence', { kind: 'complete', sourceMessageId: 'a' }],
    ['sequence 0', { kind: 'complete', sourceMessageId: 'a', sequence: 0 }],
    ['half a sequence', { kind: 'complete', sourceMessageId: 'a', sequence: 1.5 }],
    ['a sequence in words', { kind: 'complete', sourceMessageId: 'a', sequence: '1' }]
  ])('refuses %s', (_what, payload) => {
    expect(() => parseRunCallback(message(payload))).toThrow(RunCallbackInvalidError)
  })
})

describe('the callbacks of a real host', () => {
  withRecordings((runs) => {
    it.each(runs.map((run) => [run.name, run] as const))('%s are all understood', (_name, { messages }) => {
      const callbacks = messages.map(parseRunCallback)
      expect(new Set(callbacks.map(({ attempt }) => attempt)).size).toBe(1)
      for (const { sequence, enqueuedAt } of callbacks) expect([sequence > 0, enqueuedAt > 0]).toEqual([true, true])
    })

    it.each(runs.map((run) => [run.name, run] as const))(
      '%s begin with their conversation or end at once',
      (_name, { messages }) => {
        const firsts = messages.map(parseRunCallback).filter(({ sequence }) => sequence === 1)
        for (const { signal } of firsts) expect(['conversation_start', 'complete', 'error']).toContain(signal.type)
      }
    )

    it('tell texts, tools, interrupts and errors apart', () => {
      const signals = runs.flatMap(({ messages }) => messages).map((one) => parseRunCallback(one).signal)
      expect([...new Set(signals.map(({ type }) => type))].sort()).toEqual([
        'complete',
        'conversation_end',
        'conversation_start',
        'error',
        'message_end',
        'message_start',
        'other',
        'text',
        'tool'
      ])
      const ends = signals.filter((signal) => signal.type === 'conversation_end')
      expect(ends.filter(({ operation }) => operation !== null)).toHaveLength(2)
      expect([...new Set(ends.map(({ status }) => status))].sort()).toEqual(['error', 'idle', 'interrupted'])
    })

    it('carry the execution id wherever an answer’s text comes', () => {
      const callbacks = runs.flatMap(({ messages }) => messages).map(parseRunCallback)
      const texts = callbacks.filter(({ signal }) => signal.type === 'text')
      expect(texts.filter(({ executionId }) => executionId === undefined)).toEqual([])
    })
  })
})
