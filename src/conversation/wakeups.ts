interface Entry {
  again: boolean
  /** An urgent ring came during this flush and has cut no pause short yet. */
  urgent: boolean
  hurry: (() => void) | null
}

/**
 * Runs one flush per attempt at a time in this process: a ring during a flush makes it run once more, an urgent one also cuts
 * its pause short.
 */
export class Wakeups {
  stopping = false
  private readonly active = new Map<string, Entry>()
  private readonly running = new Set<Promise<void>>()
  private readonly timers = new Map<string, { timer: NodeJS.Timeout; at: number }>()

  /** @param flush must not reject; true means: run again at once */
  constructor(private readonly flush: (turnId: string, attempt: string) => Promise<boolean>) {}

  ring(turnId: string, attempt: string, urgent: boolean): void {
    if (this.stopping) return
    this.clearTimer(attempt)
    const entry = this.active.get(attempt)
    if (entry) {
      entry.again = true
      if (urgent) {
        entry.urgent = true
        entry.hurry?.()
      }
      return
    }
    const work = this.run(turnId, attempt).finally(() => this.running.delete(work))
    this.running.add(work)
  }

  /** Rings later; the earliest of several wishes counts. */
  ringIn(turnId: string, attempt: string, delayMs: number): void {
    const at = Date.now() + delayMs
    const known = this.timers.get(attempt)
    if (this.stopping || (known && known.at <= at)) return
    this.clearTimer(attempt)
    const timer = setTimeout(() => {
      this.timers.delete(attempt)
      this.ring(turnId, attempt, false)
    }, delayMs)
    timer.unref()
    this.timers.set(attempt, { timer, at })
  }

  /** What was rung for so far will be seen by a look that begins now. */
  acknowledge(attempt: string): void {
    const entry = this.active.get(attempt)
    if (entry) entry.again = false
  }

  /** Waits within a flush of this attempt; an urgent ring during this flush, or the stop, ends the wait. */
  async pause(attempt: string, delayMs: number): Promise<void> {
    const entry = this.active.get(attempt)
    if (!entry?.urgent) await this.wait(entry, delayMs)
    if (entry) entry.urgent = false
  }

  async stop(): Promise<void> {
    this.stopping = true
    for (const { timer } of this.timers.values()) clearTimeout(timer)
    this.timers.clear()
    for (const entry of this.active.values()) entry.hurry?.()
    await Promise.allSettled(this.running)
  }

  private clearTimer(attempt: string): void {
    clearTimeout(this.timers.get(attempt)?.timer)
    this.timers.delete(attempt)
  }

  private wait(entry: Entry | undefined, delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs)
      if (!entry) return
      entry.hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  private async run(turnId: string, attempt: string): Promise<void> {
    const entry: Entry = { again: true, urgent: false, hurry: null }
    this.active.set(attempt, entry)
    try {
      while (entry.again && !this.stopping) {
        entry.again = false
        entry.urgent = false
        entry.again = (await this.flush(turnId, attempt)) || entry.again
      }
    } finally {
      this.active.delete(attempt)
    }
  }
}
