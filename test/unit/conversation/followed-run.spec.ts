import { AnswerAssembly } from '../../../src/conversation/answer-assembly'
import { GAP_MS, isTerminal, nextEvents, StoredRunEvent, runStarts } from '../../../src/conversation/followed-run'
import { parseRunCallback, RunSignal } from '../../../src/host'
import { withRecordings } from '../../support/recordings'

const event = (
  sequence: number,
  enqueuedAt = 1_000 + sequence,
  signal: RunSignal = { type: 'other' },
  ageMs = 0
): StoredRunEvent => ({
  sequence,
  enqueuedAt,
  signal,
  ageMs
})
const START = 1_001
const COMPLETE: RunSignal = { type: 'complete' }
const sequences = ({ apply }: { apply: StoredRunEvent[] }): number[] => apply.map(({ sequence }) => sequence)

describe('nextEvents', () => {
  it('gives what continues, in order, and holds back what is behind a gap', () => {
    const events = [5, 3, 1, 2].map((sequence) => event(sequence))
    expect(nextEvents(events, START, 0)).toMatchObject({ gapMs: null })
    expect(sequences(nextEvents(events, START, 0))).toEqual([1, 2, 3])
    expect(sequences(nextEvents(events, START, 3))).toEqual([])
  })

  it('applies a repeat once', () => {
    expect(
      sequences(
        nextEvents(
          [1, 1, 2, 2].map((sequence) => event(sequence)),
          START,
          0
        )
      )
    ).toEqual([1, 2])
  })

  it('waits for a gap before the terminal event, and says for how long', () => {
    const events = [event(1), event(3, 1_003, COMPLETE, 2_000)]
    expect(nextEvents(events, START, 0)).toEqual({ apply: [events[0]], gapMs: GAP_MS - 2_000, blocked: true })
  })

  it('skips the gap when nothing filled it in time', () => {
    const events = [event(1), event(4), event(6, 1_006, COMPLETE, GAP_MS)]
    expect(sequences(nextEvents(events, START, 0))).toEqual([1, 4, 6])
  })

  it('never skips a gap of a run that goes on', () => {
    const events = [event(1, 1_001, undefined, 3_600_000), event(3, 1_003, undefined, 3_600_000)]
    expect(nextEvents(events, START, 0)).toEqual({ apply: [events[0]], gapMs: null, blocked: true })
  })

  it('keeps two runs of one attempt apart', () => {
    const first = [1, 2, 3].map((sequence) => event(sequence, 1_000 + sequence))
    const second = [1, 2, 3, 4].map((sequence) => event(sequence, 60_000 + sequence))
    const events = [...second, ...first]
    expect(runStarts(events)).toEqual([1_001, 60_001])
    expect(nextEvents(events, 1_001, 0).apply).toEqual(first)
    expect(nextEvents(events, 60_001, 0).apply).toEqual(second)
  })

  it('takes an event that seems older than the first start for the first run: clocks differ', () => {
    expect(sequences(nextEvents([event(1, 1_001), event(2, 999)], 1_001, 0))).toEqual([1, 2])
  })
})

describe('isTerminal', () => {
  it.each<[RunSignal, boolean]>([
    [COMPLETE, true],
    [{ type: 'error', message: 'x' }, true],
    [{ type: 'conversation_end', status: 'idle', operation: null }, false],
    [{ type: 'other' }, false]
  ])('of %j is %s', (signal, terminal) => {
    expect(isTerminal(signal)).toBe(terminal)
  })
})

describe('an attempt that a real host ran twice', () => {
  withRecordings((runs) => {
    const events = (runs.find(({ name }) => name.startsWith('10-kill9-rerun'))?.messages ?? [])
      .map(parseRunCallback)
      .map((callback): StoredRunEvent => ({ ...callback, ageMs: 0 }))
    const [first, second] = runStarts(events) as [number, number]

    const textOf = (followed: number): { text: string; end: string | null } => {
      const answer = new AnswerAssembly()
      for (const { signal } of nextEvents(events, followed, 0).apply) answer.apply(signal)
      return { text: answer.markdown, end: answer.end }
    }

    it('has two runs, more than half a minute apart', () => {
      expect(runStarts(events)).toHaveLength(2)
      expect(second - first).toBeGreaterThan(30_000)
    })

    it('has an unfinished text in the first and a whole one in the second, with nothing of the first', () => {
      const [one, two] = [textOf(first), textOf(second)]
      expect(one.end).toBeNull()
      expect(two.end).toBe('answered')
      const [oldWords, newWords] = [one.text, two.text].map((text) => text.split(' ').filter((word) => word !== ''))
      expect([oldWords!.length, newWords!.length]).toEqual([42, 100])
      expect(newWords!.filter((word) => oldWords!.includes(word))).toEqual([])
    })

    it('assigns every event to one of the two', () => {
      const applied = nextEvents(events, first, 0).apply.length + nextEvents(events, second, 0).apply.length
      expect(applied).toBe(events.length)
    })
  })
})
