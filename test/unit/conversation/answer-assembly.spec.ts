import fc from 'fast-check'
import { AnswerAssembly, AnswerEnd } from '../../../src/conversation/answer-assembly'
import { nextEvents, StoredRunEvent } from '../../../src/conversation/followed-run'
import { parseRunCallback, RunSignal } from '../../../src/host'
import { RecordedRun, withRecordings } from '../../support/recordings'

const assemble = (...signals: RunSignal[]): AnswerAssembly => {
  const answer = new AnswerAssembly()
  for (const signal of signals) answer.apply(signal)
  return answer
}

const text = (words: string, streamId = 's1'): RunSignal => ({ type: 'text', streamId, text: words })
const START: RunSignal = { type: 'message_start' }
const COMPLETE: RunSignal = { type: 'complete' }
const messageEnd = (content: string | null): RunSignal => ({ type: 'message_end', content })
const ended = (status: string, operation: Record<string, unknown> | null = null): RunSignal => ({
  type: 'conversation_end',
  status,
  operation
})

describe('AnswerAssembly', () => {
  it('joins deltas and keeps texts of different model calls apart', () => {
    expect(assemble(START, text('Hel'), text('lo'), text('Bye', 's2'), text('!', 's2')).markdown).toBe('Hello\n\nBye!')
  })

  it('gives the whole message the last word', () => {
    expect(assemble(START, text('Hel'), messageEnd('Hello.')).markdown).toBe('Hello.')
  })

  it.each([[''], [null]])('keeps what was streamed when the whole message is %j', (content) => {
    expect(assemble(START, text('Hello'), messageEnd(content)).markdown).toBe('Hello')
  })

  it('puts a second message of the same run behind the first', () => {
    expect(assemble(START, text('one'), messageEnd('one'), START, text('two', 's2'), messageEnd('two')).markdown).toBe(
      'one\n\ntwo'
    )
  })

  it('leaves no gap for a message of blanks', () => {
    expect(assemble(START, text('one'), messageEnd('one'), START, text(' \n')).markdown).toBe('one')
  })

  it('names the tool at work until it is done', () => {
    const running = (id: string, title: string): RunSignal => ({ type: 'tool', id, title, status: 'running' })
    const done = (id: string): RunSignal => ({ type: 'tool', id, title: '', status: 'success' })
    expect(assemble(running('1', 'Search')).tool?.title).toBe('Search')
    expect(assemble(running('1', 'Search'), running('2', 'Read')).tool?.title).toBe('Read')
    expect(assemble(running('1', 'Search'), running('2', 'Read'), done('2')).tool?.title).toBe('Search')
    expect(assemble(running('1', 'Search'), done('1')).tool).toEqual({ title: 'Search', status: 'success' })
  })

  it.each<[AnswerEnd, RunSignal[]]>([
    ['answered', [text('hi'), ended('idle'), COMPLETE]],
    ['answered', [text('hi'), COMPLETE]],
    ['empty', [ended('idle'), COMPLETE]],
    ['empty', [text(' \n '), ended('idle'), COMPLETE]],
    ['failed', [text('hi'), ended('error'), COMPLETE]],
    ['failed', [text('hi'), { type: 'error', message: 'aborted' }]],
    ['cancelled', [text('hi'), ended('interrupted'), COMPLETE]],
    ['approval', [text('hi'), ended('interrupted', { tasks: [] }), COMPLETE]]
  ])('ends %s', (end, signals) => {
    expect(assemble(...signals).end).toBe(end)
  })

  it('keeps what the host says of a failure', () => {
    expect(assemble({ type: 'error', message: 'aborted' }).failure).toBe('aborted')
    const signal: RunSignal = { type: 'conversation_end', status: 'error', operation: null, error: 'no key' }
    expect(assemble(signal, COMPLETE).failure).toBe('no key')
  })

  it('has no end before its terminal event, and takes nothing after it', () => {
    expect(assemble(text('hi'), ended('idle')).end).toBeNull()
    const answer = assemble(text('hi'), COMPLETE, text(' again'), { type: 'error', message: 'late' })
    expect([answer.markdown, answer.end]).toEqual(['hi', 'answered'])
  })
})

describe('the answers of a real host', () => {
  withRecordings((runs) => {
    const eventsOf = (run: RecordedRun): StoredRunEvent[] =>
      run.messages
        .map(parseRunCallback)
        .map(({ sequence, enqueuedAt, signal }) => ({ sequence, enqueuedAt, signal, ageMs: 0 }))
    const singleRuns = runs.filter(
      ({ messages }) => eventsOf({ name: '', messages }).filter(({ sequence }) => sequence === 1).length === 1
    )

    /** Applies what arrives, piece by piece, as the follower does. */
    const follow = (arrivals: readonly StoredRunEvent[], pieces: number): AnswerAssembly => {
      const answer = new AnswerAssembly()
      let sequence = 0
      for (let seen = 1; seen <= arrivals.length; seen += pieces) {
        const known = arrivals.slice(0, seen + pieces)
        const start = known.find((event) => event.sequence === 1)?.enqueuedAt
        if (start === undefined) continue
        const { apply } = nextEvents(known, start, sequence)
        for (const event of apply) answer.apply(event.signal)
        sequence = apply.at(-1)?.sequence ?? sequence
      }
      return answer
    }

    const inOrder = (run: RecordedRun): RunSignal[] =>
      [...eventsOf(run)].sort((a, b) => a.sequence - b.sequence).map(({ signal }) => signal)

    it.each(singleRuns.map((run) => [run.name, run] as const))(
      '%s: the text is the joined deltas, which the whole message repeats',
      (_name, run) => {
        const signals = inOrder(run)
        const deltas = signals.flatMap((signal) => (signal.type === 'text' ? [signal] : []))
        const streams = [...new Set(deltas.map(({ streamId }) => streamId))]
        const joined = streams.map((id) =>
          deltas
            .filter(({ streamId }) => streamId === id)
            .map((delta) => delta.text)
            .join('')
        )
        expect(assemble(...signals).markdown).toBe(joined.filter((part) => part.trim() !== '').join('\n\n'))
        const whole = signals.flatMap((signal) =>
          signal.type === 'message_end' && signal.content ? [signal.content] : []
        )
        if (whole.length > 0) expect(whole.join('\n\n')).toBe(joined.join('\n\n'))
      }
    )

    it.each(singleRuns.map((run) => [run.name, run] as const))(
      '%s: every order and every repeat give the same answer',
      (_name, run) => {
        const events = eventsOf(run)
        const expected = assemble(...inOrder(run))
        const arrivals = fc.tuple(
          fc.shuffledSubarray(events, { minLength: events.length }),
          fc.subarray(events),
          fc.integer({ min: 1, max: events.length })
        )
        fc.assert(
          fc.property(arrivals, ([shuffled, repeated, pieces]) => {
            const answer = follow([...shuffled, ...repeated], pieces)
            expect([answer.markdown, answer.end]).toEqual([expected.markdown, expected.end])
          }),
          { numRuns: 30 }
        )
      }
    )

    it.each<[string, AnswerEnd | null]>([
      ['01-short-answer.jsonl 1', 'answered'],
      ['03-tool-call.jsonl 1', 'answered'],
      ['04-llm-error.jsonl 1', 'failed'],
      ['05-cancelled-mid-stream.jsonl 1', 'cancelled'],
      ['06-interrupt-then-approve.jsonl 1', 'approval'],
      ['06-interrupt-then-approve.jsonl 2', 'answered'],
      ['07-interrupt-then-reject.jsonl 2', 'answered'],
      ['08-steer-consumed.jsonl 1', 'answered'],
      ['11-unknown-expert.jsonl 1', 'failed'],
      ['12-sigterm-no-terminal.jsonl 1', null]
    ])('%s ends %s', (name, end) => {
      expect(assemble(...inOrder(runs.find((run) => run.name === name)!)).end).toBe(end)
    })
  })
})
