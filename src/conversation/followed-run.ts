import { RunSignal } from '../host'

/** A run heard of less than this ago may still be the one that answers. */
export const SILENT_MS = 30_000

/** What arrives after the terminal event may fill a gap for this long; then the gap is skipped. */
export const GAP_MS = 5_000

/** One event of a run as it is kept. */
export interface StoredRunEvent {
  sequence: number
  /** Epoch milliseconds of the host. */
  enqueuedAt: number
  signal: RunSignal
  /** Milliseconds since it was stored, by the database's clock: instances' clocks differ. */
  ageMs: number
}

/** The runs of one attempt, by the time at which their first event was queued: the host may run a dispatch twice. */
export const runStarts = (events: readonly StoredRunEvent[]): number[] =>
  [...new Set(events.filter((event) => event.sequence === 1).map((event) => event.enqueuedAt))].sort((a, b) => a - b)

/** Which run an event belongs to: the last one that began before it was queued. */
const runOf = (event: StoredRunEvent, starts: readonly number[]): number | undefined =>
  starts.findLast((start) => start <= event.enqueuedAt) ?? starts[0]

export const isTerminal = (signal: RunSignal): boolean => signal.type === 'complete' || signal.type === 'error'

export interface NextEvents {
  apply: StoredRunEvent[]
  /** Milliseconds after which a gap before the terminal event will be skipped; null when there is none. */
  gapMs: number | null
  /** There are later events than the one that is missing. */
  blocked: boolean
}

/**
 * The events of the run that began at `followed` which continue `appliedSequence`, in order. A gap holds them back until 5 s
 * after the terminal event.
 */
export const nextEvents = (
  events: readonly StoredRunEvent[],
  followed: number,
  appliedSequence: number
): NextEvents => {
  const starts = runStarts(events)
  const own = events
    .filter((event) => event.sequence > appliedSequence && runOf(event, starts) === followed)
    .sort((a, b) => a.sequence - b.sequence)
  const terminal = own.find((event) => isTerminal(event.signal))
  const waited = terminal?.ageMs ?? 0
  const apply: StoredRunEvent[] = []
  let last = appliedSequence
  for (const event of own) {
    if (event.sequence === last) continue
    if (event.sequence !== last + 1 && waited < GAP_MS) {
      return { apply, gapMs: terminal ? GAP_MS - waited : null, blocked: true }
    }
    apply.push(event)
    last = event.sequence
  }
  return { apply, gapMs: null, blocked: false }
}
