import { Log } from './log'

/**
 * Runs one thing again and again: after a pause, or at once when somebody rings. Never two at a time; a fault is logged and
 * the next round comes anyway. A bell rung inside a request does not carry that request's context into the round, which
 * goes on in the context that `start` was called in.
 */
export class RoundLoop {
  private running: Promise<void> | undefined
  private isStopped = false
  private isRung = false
  private wake: () => void = () => undefined

  constructor(
    private readonly round: () => Promise<void>,
    private readonly pauseMs: number,
    private readonly log: Log,
    private readonly name: string
  ) {}

  start(): void {
    this.isStopped = false
    this.running ??= this.run().finally(() => {
      this.running = undefined
    })
  }

  ring(): void {
    this.isRung = true
    this.wake()
  }

  /** Resolves when the round under way, if any, has ended. */
  async stop(): Promise<void> {
    this.isStopped = true
    this.wake()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      this.isRung = false
      try {
        await this.round()
      } catch (error) {
        this.log.warn('a round failed', { round: this.name }, error)
      }
      if (!this.isStopped && !this.isRung) await this.pause()
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.pauseMs).unref()
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
