import { Injectable } from '@nestjs/common'
import { TurnClosing } from './turn-closing'
import { TurnWindows } from './turn-windows'
import { WaitingSigns } from './waiting-signs'

/** What turns without a run need: windows end, people see that they wait, cards come to their end. */
@Injectable()
export class TurnUpkeep {
  constructor(
    private readonly windows: TurnWindows,
    private readonly closing: TurnClosing,
    private readonly signs: WaitingSigns
  ) {}

  /** One look; `TurnWatch` repeats it. */
  async look(): Promise<void> {
    await this.windows.endOver()
    await this.closing.closeDue()
    await this.signs.showDue()
  }

  async stop(): Promise<void> {
    await Promise.all([this.windows.stop(), this.signs.stop()])
  }
}
