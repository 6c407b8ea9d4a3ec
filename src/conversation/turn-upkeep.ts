import { Injectable } from '@nestjs/common'
import { TypingSign } from '../reply'
import { IntegrationReader } from '../settings'
import { Clock } from '../shared'
import { replyTargetOf } from './reply-target'
import { TurnClosing } from './turn-closing'
import { TurnWatchRepository } from './turn-watch.repository'
import { TurnWindows } from './turn-windows'

/** Each is a call to Lark: the next round shows the others. */
const SIGNS = 20

/** What turns without a run need: windows end, people see that they wait, cards come to their end. */
@Injectable()
export class TurnUpkeep {
  constructor(
    private readonly turns: TurnWatchRepository,
    private readonly windows: TurnWindows,
    private readonly closing: TurnClosing,
    private readonly integrations: IntegrationReader,
    private readonly sign: TypingSign,
    private readonly clock: Clock
  ) {}

  /** One look; `TurnWatch` repeats it. */
  async look(): Promise<void> {
    await this.windows.endOver()
    await this.closing.closeDue()
    for (const turn of await this.turns.takeUnsigned(this.clock.now(), SIGNS)) {
      const integration = await this.integrations.find(turn.integrationId)
      if (integration) await this.sign.show(integration.settings, replyTargetOf(turn), null, 'waiting')
    }
  }

  stop(): Promise<void> {
    return this.windows.stop()
  }
}
