import { Injectable } from '@nestjs/common'
import { ReplyLedger, TypingSign } from '../reply'
import { IntegrationReader } from '../settings'
import { Log, SharedRound } from '../shared'
import { replyTargetOf } from './reply-target'
import { RunningTurn } from './turn-row'
import { TurnWatchRepository } from './turn-watch.repository'

/** Each is a call to Lark: the next round removes the others. */
const BATCH = 20

/** Signs that answers are coming which are there: who showed the end died before they were gone, or Lark did not say that they are. */
@Injectable()
export class LeftSigns {
  private readonly rounds = new SharedRound(() => this.look(), new Log('conversation'), 'signs that are left')

  constructor(
    private readonly turns: TurnWatchRepository,
    private readonly ledger: ReplyLedger,
    private readonly integrations: IntegrationReader,
    private readonly sign: TypingSign
  ) {}

  /** One look; `TurnWatch` repeats it. Never rejects. */
  removeDue(): Promise<void> {
    return this.rounds.run()
  }

  /** Waits for no call to Lark: what is still to be removed somebody else finds. */
  async stop(): Promise<void> {
    await this.rounds.stop()
    await this.sign.writeOff()
  }

  private async look(): Promise<void> {
    await this.sign.writeOff()
    const left = await this.ledger.takeLeftSigns(BATCH)
    const turns = await this.turns.find(left.map(({ turnId }) => turnId))
    // Not waited for: Lark may not answer for the app of one of them.
    for (const turn of turns) void this.remove(turn, left.find(({ turnId }) => turnId === turn.id)!.reactionId)
  }

  private async remove(turn: RunningTurn, reactionId: string): Promise<void> {
    const found = await this.integrations.lookUp(turn.integrationId)
    // One that is only unusable may be mended.
    if (found === 'unavailable' || found === 'unusable') return
    if (typeof found === 'string') this.sign.forget({ turnId: turn.id, reactionId })
    else await this.sign.remove(found.integration.settings, replyTargetOf(turn), reactionId)
  }
}
