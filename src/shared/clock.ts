/** The application's clock. Leases and claims do not use it: they live on the database's clock. */
export abstract class Clock {
  abstract now(): Date
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date()
  }
}

/**
 * Milliseconds that a clock has shown to pass, for ages and pauses: of one that is set back, what it shows afterwards counts
 * from there, so that nothing lasts longer for it.
 */
export const elapsedMs = (clock: Clock): (() => number) => {
  let last = clock.now().getTime()
  // To an `LRUCache`, zero is no time.
  let elapsed = 1
  return () => {
    const now = clock.now().getTime()
    elapsed += Math.max(0, now - last)
    last = now
    return elapsed
  }
}

/** For an `LRUCache`: what is in it lives on the application's clock, exactly. */
export const onClock = (clock: Clock) => ({ perf: { now: elapsedMs(clock) }, ttlResolution: 0 })
