import { Injectable } from '@nestjs/common'
import { Clock } from '../shared'
import { LeftSigns } from './left-signs'
import { TurnClosing } from './turn-closing'
import { TurnQueue } from './turn-queue'
import { TurnWindows } from './turn-windows'
import { WaitingSigns } from './waiting-signs'

const BATCH = 100

/** What turns without a run need: windows end, questions that nobody answers are forgotten, people see that they wait and no longer that they do, cards come to their end. */
@Injectable()
export class TurnUpkeep {
  constructor(
    private readonly windows: TurnWindows,
    private readonly closing: TurnClosing,
    private readonly signs: WaitingSigns,
    private readonly left: LeftSigns,
    private readonly queue: TurnQueue,
    private readonly clock: Clock
  ) {}

  /**
   * One look; `TurnWatch` repeats it, and does not wait for what calls Lark or the host's queue: each goes on by itself, once
   * at a time.
   */
  async look(): Promise<void> {
    void this.windows.endOver()
    void this.closing.closeDue()
    void this.signs.showDue()
    void this.left.removeDue()
    await this.queue.forgetOldQuestions(BATCH, this.clock.now())
  }

  async stop(): Promise<void> {
    await Promise.all([this.windows.stop(), this.closing.stop(), this.signs.stop(), this.left.stop()])
  }
}
