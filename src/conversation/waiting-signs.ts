import { Injectable } from '@nestjs/common'
import { TypingSign } from '../reply'
import { IntegrationReader } from '../settings'
import { Clock, Log, within } from '../shared'
import { RunningTurn } from './turn-row'
import { replyTargetOf } from './reply-target'
import { PATIENCE_MS, TurnWatchRepository } from './turn-watch.repository'

/** Each is a call to Lark: the next round shows the others. */
const BATCH = 20

/** The host leaves a stopping plugin about 6 s (host-observed 34). */
const STOP_MS = 5_000

/** People whose message waits behind another one of its session see a sign of it. What a dead process leaves behind `TurnWatch` finds. */
@Injectable()
export class WaitingSigns {
  private readonly log = new Log('conversation')
  private timer: NodeJS.Timeout | undefined
  private readonly signs = new Set<Promise<void>>()
  private round: Promise<void> | undefined
  private stopped = false

  constructor(
    private readonly turns: TurnWatchRepository,
    private readonly integrations: IntegrationReader,
    private readonly sign: TypingSign,
    private readonly clock: Clock
  ) {}

  /** A turn has begun to wait. */
  expect(): void {
    if (this.timer || this.stopped) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.showDue()
    }, PATIENCE_MS)
    this.timer.unref()
  }

  /** One look. Never rejects. */
  showDue(): Promise<void> {
    this.round ??= this.work().finally(() => {
      this.round = undefined
    })
    return this.round
  }

  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    await within(STOP_MS, Promise.all([this.round, ...this.signs]))
  }

  /** Not waited for: Lark may not answer for the app of one of them. */
  private begin(turn: RunningTurn): void {
    const sign = this.show(turn).finally(() => this.signs.delete(sign))
    this.signs.add(sign)
  }

  private async show(turn: RunningTurn): Promise<void> {
    const found = await this.integrations.lookUp(turn.integrationId)
    if (typeof found === 'string') return
    await this.sign.show(found.integration.settings, replyTargetOf(turn), null, 'waiting')
  }

  private async work(): Promise<void> {
    try {
      const unsigned = await this.turns.takeUnsigned(this.clock.now(), BATCH)
      for (const turn of unsigned) this.begin(turn)
      if (unsigned.length === BATCH) this.expect()
    } catch (error) {
      this.log.warn('signs that turns wait could not be shown, the next round tries again', {}, error)
    }
  }
}
