import { Injectable } from '@nestjs/common'
import { Log, SharedRound } from '../shared'
import { RunEventRepository } from './run-event.repository'
import { RunFollower } from './run-follower'
import { TurnQueue } from './turn-queue'
import { TurnUpkeep } from './turn-upkeep'
import { TurnWatchRepository } from './turn-watch.repository'

const ROUND_MS = 5_000

/** What a queue that is out of order refuses is due again while the others are still tried. */
const MAX_DISPATCHES = 500

/** Takes up what a dead process left behind: turns that nobody dispatched, events that nobody showed, runs that nobody runs. */
@Injectable()
export class TurnWatch {
  private readonly log = new Log('conversation')
  private timer: NodeJS.Timeout | undefined
  private readonly rounds = new SharedRound(() => this.takeUp(), this.log, 'turns left behind')
  /** Not part of the round: the host's queue may let a dispatch wait for as long as it is out of order. */
  private readonly dispatches = new SharedRound(() => this.dispatchLeftBehind(), this.log, 'dispatches left behind')

  constructor(
    private readonly turns: TurnWatchRepository,
    private readonly events: RunEventRepository,
    private readonly queue: TurnQueue,
    private readonly upkeep: TurnUpkeep,
    private readonly follower: RunFollower
  ) {}

  start(): void {
    if (this.timer) return
    this.timer = setInterval(() => this.look(), ROUND_MS)
    this.timer.unref()
    this.look()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.timer = undefined
    await Promise.all([this.rounds.stop(), this.dispatches.stop(), this.upkeep.stop()])
  }

  private look(): void {
    void this.dispatches.run()
    void this.rounds.run()
  }

  private async dispatchLeftBehind(): Promise<void> {
    await this.turns.noteHeard()
    for (let count = 0; count < MAX_DISPATCHES && !this.dispatches.isStopped; count++) {
      const turn = await this.turns.takeUndispatched()
      if (!turn) return
      await this.queue.repeatDispatch(turn)
    }
  }

  private async takeUp(): Promise<void> {
    for (const orphan of await this.turns.findOrphans()) this.follower.wake(orphan.turnId, orphan.attempt)
    for (const lost of await this.turns.findLost()) this.follower.giveUp(lost.turnId, lost.attempt)
    await this.upkeep.look()
    await this.events.removeLeftOver()
  }
}
