import { Injectable } from '@nestjs/common'
import { AttemptRepository, StopTarget } from './attempt.repository'
import { ScopeIdentity } from './session-scope'
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

  isRunning(scope: ScopeIdentity): Promise<boolean> {
    return this.attempts.isRunning(scope)
  }

  /** False when the turn, or nothing in the scope, runs. */
  async stop(which: StopTarget, reason: string): Promise<boolean> {
    const runs = await this.attempts.requestStop(which, reason)
    for (const run of runs) await this.queue.cancel(run)
    return runs.length > 0
  }
}
