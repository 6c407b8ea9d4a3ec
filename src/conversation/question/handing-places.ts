import { bulkhead, IPolicy, wrap } from 'cockatiel'
import { HostFileError } from '../../host'
import { untilAborted } from '../../shared'

const MIB = 1024 * 1024

/** The host takes a file as one buffer; so many of them are in memory at once, of large ones one: what was let go is not free at once. */
const IN_MEMORY = 2
const LARGE_BYTES = 8 * MIB

/** Within the time that a question has for all its files. */
const HAND_MS = 20_000

/** A call that the host has not ended by then it has lost: its place is free again. */
const LOST_MS = 5 * 60_000

interface Places {
  policy: IPolicy
  count: number
  /** Of which the host said nothing within `HAND_MS`. */
  hanging: number
  waiting: Set<AbortController>
}

/**
 * Places in memory for files on their way to the host. A call that the host leaves without an answer keeps its place while
 * the host may still read the buffer, so that a host that hangs does not fill the memory; its file is given up long before,
 * and others are refused at once where no place will become free.
 */
export class HandingPlaces {
  private readonly all: Places = placesOf(IN_MEMORY)
  private readonly large: Places = placesOf(1)

  /**
   * @param work holds the buffer until it settles; it is not begun once `signal` is aborted
   * Rejects with `HostFileError` `refused` when the host does not answer in time, or `signal` is aborted first.
   */
  async run<T>(bytes: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const needed = bytes > LARGE_BYTES ? [this.large, this.all] : [this.all]
    if (needed.some(({ hanging, count }) => hanging >= count)) throw notAnswered()
    const over = new AbortController()
    const stop = () => over.abort()
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    for (const { waiting } of needed) waiting.add(over)
    const policy = needed.length > 1 ? wrap(this.large.policy, this.all.policy) : this.all.policy
    // The policy does not know the signal: a place that it would offer to an aborted one would be offered to nobody else.
    const done = policy.execute(() => this.occupy(needed, over, work))
    try {
      return await untilAborted(over.signal, notAnswered, done)
    } finally {
      signal.removeEventListener('abort', stop)
      for (const { waiting } of needed) waiting.delete(over)
    }
  }

  private async occupy<T>(needed: readonly Places[], over: AbortController, work: () => Promise<T>): Promise<T> {
    if (over.signal.aborted) throw notAnswered()
    for (const { waiting } of needed) waiting.delete(over)
    let isHanging = false
    const late = setTimeout(() => {
      isHanging = true
      for (const places of needed) noteHanging(places)
      over.abort()
    }, HAND_MS)
    const lost = new AbortController()
    const isLost = setTimeout(() => lost.abort(), LOST_MS)
    late.unref()
    isLost.unref()
    try {
      return await untilAborted(lost.signal, notAnswered, work())
    } finally {
      clearTimeout(late)
      clearTimeout(isLost)
      if (isHanging) for (const places of needed) places.hanging -= 1
    }
  }
}

function placesOf(count: number): Places {
  return { policy: bulkhead(count, Number.POSITIVE_INFINITY), count, hanging: 0, waiting: new Set() }
}

/** Whoever waits where no place will become free is refused as well. */
function noteHanging(places: Places): void {
  places.hanging += 1
  if (places.hanging >= places.count) for (const over of places.waiting) over.abort()
}

const notAnswered = (): HostFileError => new HostFileError('refused', new Error('no answer in time'))
