import fc from 'fast-check'
import { AnswerAssembly } from '../../../src/conversation/answer-assembly'
import { GAP_MS, nextEvents, StoredRunEvent } from '../../../src/conversation/followed-run'
import { RunSignal } from '../../../src/host'

const START = 1_000

/** A run as the host tells it: its events by sequence from 1. */
const runOf = (deltas: readonly string[], whole: string | null): RunSignal[] => [
  { type: 'conversation_start', conversationId: 'c' },
  { type: 'message_start' },
  ...deltas.map((text): RunSignal => ({ type: 'text', streamId: 's', text })),
  { type: 'message_end', content: whole },
  { type: 'conversation_end', status: 'idle', operation: null },
  { type: 'complete' }
]

const stored = (signal: RunSignal, index: number): StoredRunEvent => ({
  sequence: index + 1,
  enqueuedAt: START + index,
  signal,
  ageMs: 0
})

/** Two processes that each read what is stored whenever they look, as the follower does: from where each stopped. */
class Reader {
  answer = new AnswerAssembly()
  sequence = 0

  look(events: readonly StoredRunEvent[]): void {
    for (const event of nextEvents(events, START, this.sequence).apply) {
      this.answer.apply(event.signal)
      this.sequence = event.sequence
    }
  }
}

const schedule = fc.record({
  deltas: fc.array(fc.string(), { minLength: 1, maxLength: 40 }),
  disorder: fc.array(fc.nat({ max: 9 }), { minLength: 60, maxLength: 60 }),
  repeats: fc.array(fc.nat({ max: 45 }), { maxLength: 20 }),
  looks: fc.array(fc.tuple(fc.nat({ max: 70 }), fc.boolean()), { maxLength: 30 })
})

describe('every schedule of a run', () => {
  it('gives the same final text: late, out of order by up to nine, repeated, seen by any instance at any moment', () => {
    fc.assert(
      fc.property(schedule, ({ deltas, disorder, repeats, looks }) => {
        const events = runOf(deltas, null).map(stored)
        const arrivals = events
          .map((event, index) => ({ event, at: index + (disorder[index] ?? 0) }))
          .sort((a, b) => a.at - b.at)
          .map(({ event }) => event)
        for (const place of repeats) arrivals.splice(place + 5, 0, events[place % events.length]!)
        const readers = [new Reader(), new Reader()]
        const table: StoredRunEvent[] = []
        for (const [index, event] of arrivals.entries()) {
          // The table knows a repeat by its digest.
          if (!table.includes(event)) table.push(event)
          for (const [at, second] of looks) if (at === index) readers[second ? 1 : 0]!.look(table)
        }
        for (const reader of readers) {
          reader.look(table)
          expect(reader.answer.markdown).toBe(deltas.join('').trim() === '' ? '' : deltas.join(''))
          expect(reader.answer.end).toBe(deltas.join('').trim() === '' ? 'empty' : 'answered')
        }
      }),
      { numRuns: 500 }
    )
  })

  it('lets the whole message have the last word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 }), { minLength: 1 }),
        fc.string({ minLength: 1 }),
        (deltas, whole) => {
          const reader = new Reader()
          reader.look(runOf(deltas, whole).map(stored))
          expect(reader.answer.markdown).toBe(whole.trim() === '' ? '' : whole)
        }
      )
    )
  })

  it('waits five seconds after the terminal event for what is missing, then goes on without it', () => {
    const events = runOf(['a', 'b', 'c'], null).map(stored)
    const without = events.filter(({ sequence }) => sequence !== 4)
    const reader = new Reader()
    reader.look(without)
    expect(reader.answer).toMatchObject({ markdown: 'a', end: null })
    reader.look(without.map((event) => ({ ...event, ageMs: GAP_MS })))
    expect(reader.answer).toMatchObject({ markdown: 'ac', end: 'answered' })
    reader.look(events)
    expect(reader.answer.markdown).toBe('ac')
  })

  it('reads each of 4,000 events once, however often it looks', () => {
    const events = runOf(
      Array.from({ length: 4_000 }, (_, index) => `piece ${index} of the answer, `),
      null
    ).map(stored)
    const reader = new Reader()
    let read = 0
    for (let known = 10; known <= events.length + 10; known += 10) {
      const unshown = events.slice(reader.sequence, known)
      read += unshown.length
      reader.look([events[0]!, ...unshown])
    }
    expect(read).toBe(events.length)
    expect(reader.answer.end).toBe('answered')
  })
})
