/** The application's clock. Leases and claims do not use it: they live on the database's clock. */
export abstract class Clock {
  abstract now(): Date
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date()
  }
}

/** For an `LRUCache`: what is in it lives on the application's clock, exactly. */
export const onClock = (clock: Clock) => ({ perf: { now: () => clock.now().getTime() }, ttlResolution: 0 })
