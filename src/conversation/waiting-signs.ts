import { Injectable } from '@nestjs/common'
import { TypingSign } from '../reply'
import { IntegrationReader } from '../settings'
import { Clock, Log, SharedRound } from '../shared'
import { RunningTurn } from './turn-row'
import { replyTargetOf, sentAtOf } from './reply-target'
import { PATIENCE_MS, TurnWatchRepository } from './turn-watch.repository'

/** Each is a call to Lark: the next round shows the others. */
const BATCH = 20

/** People whose message waits behind another one of its session see a sign of it. What a dead process leaves behind `TurnWatch` finds. */
@Injectable()
export class WaitingSigns {
  private timer: NodeJS.Timeout | undefined
  private readonly rounds = new SharedRound(() => this.look(), new Log('conversation'), 'signs that turns wait')

  constructor(
    private readonly turns: TurnWatchRepository,
    private readonly integrations: IntegrationReader,
    private readonly sign: TypingSign,
    private readonly clock: Clock
  ) {}

  /** A turn has begun to wait. */
  expect(): void {
    if (this.timer || this.rounds.isStopped) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.showDue()
    }, PATIENCE_MS)
    this.timer.unref()
  }

  /** One look. Never rejects. */
  showDue(): Promise<void> {
    return this.rounds.run()
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer)
    await this.rounds.stop()
  }

  private async show(turn: RunningTurn): Promise<void> {
    const found = await this.integrations.lookUp(turn.integrationId)
    if (typeof found === 'string') return
    await this.sign.show(found.integration.settings, replyTargetOf(turn), sentAtOf(turn), 'waiting')
  }

  private async look(): Promise<void> {
    const unsigned = await this.turns.takeUnsigned(this.clock.now(), BATCH)
    // Not waited for: Lark may not answer for the app of one of them.
    for (const turn of unsigned) this.rounds.begin(this.show(turn))
    if (unsigned.length === BATCH) this.expect()
  }
}
