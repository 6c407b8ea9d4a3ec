/** Books calls, in order, so that no moving window holds more than a limit of them. Times are milliseconds of one clock that is never set back. */
export class CallWindow {
  private times: number[] = []
  private head = 0

  constructor(private readonly windowMs: number) {}

  /** The first moment from `from` on, behind everything booked, at which the window has room. Books nothing. */
  nextFree(from: number, limit: number): number {
    this.forget(from)
    const behind = Math.max(from, this.times[this.times.length - 1] ?? from)
    if (this.times.length - this.head < limit) return behind
    return Math.max(behind, this.times[this.times.length - limit]! + this.windowMs)
  }

  book(at: number): void {
    this.times.push(at)
  }

  /** Booked within the window before `now`, and ahead of it. */
  held(now: number): number {
    this.forget(now)
    return this.times.length - this.head
  }

  private forget(now: number): void {
    while (this.head < this.times.length && this.times[this.head]! <= now - this.windowMs) this.head += 1
    if (this.head < 512) return
    this.times = this.times.slice(this.head)
    this.head = 0
  }
}
