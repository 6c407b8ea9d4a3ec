import { Injectable } from '@nestjs/common'
import { AttemptRepository } from './attempt.repository'
import { TurnQueue } from './turn-queue'

/**
 * Stops runs: the wish is stored first, so that whatever the host says or does not say then, the turn ends as stopped. The
 * host's own end of the run is waited for, because the next turn must not run beside it (host-observed 40).
 */
@Injectable()
export class Stops {
  constructor(
    private readonly attempts: AttemptRepository,
    private readonly queue: TurnQueue
  ) {}

  /** False when the turn, or no turn of the session, runs. */
  async stop(which: { turnId: string } | { sessionId: string }, reason: string): Promise<boolean> {
    const run = await this.attempts.requestStop(which, reason)
    if (!run) return false
    await this.queue.cancel(run)
    return true
  }
}
