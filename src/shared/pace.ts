/** Times that are a step apart, however many ask at once. On a clock that is never set back: one that is would stop everybody. */
export class Pace {
  private nextAt = 0

  /** @param now milliseconds of any clock that only goes forward */
  constructor(
    private readonly stepMs: number,
    private readonly now: () => number = () => performance.now()
  ) {}

  /** Milliseconds until the time of whoever asks; 0 where nobody asked within the last step. */
  delayMs(): number {
    const now = this.now()
    const at = Math.max(now, this.nextAt)
    this.nextAt = at + this.stepMs
    return at - now
  }
}
