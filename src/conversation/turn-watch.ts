import { Injectable } from '@nestjs/common'
import { Log, within } from '../shared'
import { RunEventRepository } from './run-event.repository'
import { RunFollower } from './run-follower'
import { TurnQueue } from './turn-queue'
import { TurnUpkeep } from './turn-upkeep'
import { TurnWatchRepository } from './turn-watch.repository'

const ROUND_MS = 5_000

/** What a queue that is out of order refuses is due again while the others are still tried. */
const MAX_DISPATCHES = 500

/** The host leaves a stopping plugin about 6 s (host-observed 34). */
const STOP_MS = 5_000

/** Takes up what a dead process left behind: turns that nobody dispatched, events that nobody showed, runs that nobody runs. */
@Injectable()
export class TurnWatch {
  private readonly log = new Log('conversation')
  private timer: NodeJS.Timeout | undefined
  private round: Promise<void> | undefined
  private dispatches: Promise<void> | undefined

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
    await Promise.all([this.upkeep.stop(), this.queue.stop()])
    await within(STOP_MS, Promise.all([this.round, this.dispatches]))
  }

  private look(): void {
    // Not part of the round: the host's queue may let a dispatch wait for as long as it is out of order.
    this.dispatches ??= this.dispatchLeftBehind().finally(() => {
      this.dispatches = undefined
    })
    this.round ??= this.takeUp().finally(() => {
      this.round = undefined
    })
  }

  private async dispatchLeftBehind(): Promise<void> {
    try {
      for (let count = 0; count < MAX_DISPATCHES && this.timer; count++) {
        const turn = await this.turns.takeUndispatched()
        if (!turn) return
        await this.queue.dispatch(turn)
      }
    } catch (error) {
      this.log.warn('turns that nobody dispatched could not be looked for', {}, error)
    }
  }

  private async takeUp(): Promise<void> {
    try {
      for (const orphan of await this.turns.findOrphans()) this.follower.wake(orphan.turnId, orphan.attempt, true)
      for (const lost of await this.turns.findLost()) this.follower.giveUp(lost.turnId, lost.attempt)
      await this.upkeep.look()
      await this.events.removeLeftOver()
    } catch (error) {
      this.log.warn('looking for turns that were left behind failed', {}, error)
    }
  }
}
