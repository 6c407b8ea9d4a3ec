import { inTime } from './in-time'
import { Log } from './log'

/** Longer than any round needs: one that hangs on a dead connection makes way for the next. */
const LIMIT_MS = 60_000

/**
 * One round at a time: who asks meanwhile gets the one under way, and none begins after `stop`. A fault is logged and the
 * next round comes anyway.
 */
export class SharedRound {
  isStopped = false
  private running: Promise<void> | undefined
  private readonly begun = new Set<Promise<void>>()

  constructor(
    private readonly work: () => Promise<void>,
    private readonly log: Log,
    private readonly name: string
  ) {}

  /** Never rejects. */
  run(): Promise<void> {
    if (this.isStopped) return Promise.resolve()
    this.running ??= this.guarded().finally(() => {
      this.running = undefined
    })
    return this.running
  }

  /** What a round begins and does not wait for; `stop` does. It must not reject. */
  begin(work: Promise<void>): void {
    const begun = work.finally(() => this.begun.delete(begun))
    this.begun.add(begun)
  }

  async stop(): Promise<void> {
    this.isStopped = true
    await this.running
    await Promise.all(this.begun)
  }

  private async guarded(): Promise<void> {
    try {
      await inTime(LIMIT_MS, 'a round', this.work())
    } catch (error) {
      this.log.warn('a round failed', { round: this.name }, error)
    }
  }
}
