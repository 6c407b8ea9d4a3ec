/** Counts events per key within a moving window. Refused events do not count. */
export class SlidingWindow {
  private readonly hits = new Map<string, number[]>()

  constructor(
    private readonly limit: number,
    private readonly windowMs: number
  ) {}

  /** Milliseconds until there is room again; 0 = counted. */
  take(key: string, now: number): number {
    const recent = this.recent(key, now)
    if (recent.length >= this.limit) return recent[0] + this.windowMs - now
    recent.push(now)
    return 0
  }

  private recent(key: string, now: number): number[] {
    const list = this.hits.get(key) ?? []
    while (list.length > 0 && list[0] <= now - this.windowMs) list.shift()
    // Idle keys would pile up in a long run.
    if (this.hits.size > 10_000) this.forgetIdle(now)
    this.hits.set(key, list)
    return list
  }

  private forgetIdle(now: number): void {
    for (const [key, list] of this.hits) {
      if (list.length === 0 || list[list.length - 1] <= now - this.windowMs) this.hits.delete(key)
    }
  }
}
