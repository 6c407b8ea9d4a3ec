import { Injectable } from '@nestjs/common'
import { ReplyWriter, isRepeatable } from '../reply'
import { IntegrationReader } from '../settings'
import { LeaseLostError, Log, SharedRound } from '../shared'
import { closingFrame } from './answer-frame'
import { ClickedTurnRepository, UnclosedTurn } from './clicked-turn.repository'
import { replyTargetOf } from './reply-target'
import { isSharedKey } from './session-key'
import { TurnContexts } from './turn-contexts'

/** Integrations whose cards are closed side by side: Lark may not answer for the app of one of them. */
const PARALLEL = 10

/** Brings cards to their end whose turn ended without its run, such as a question that was overtaken. */
@Injectable()
export class TurnClosing {
  private readonly log = new Log('conversation')
  /** Under way, by integration. */
  private readonly closings = new Map<string, Promise<void>>()
  private readonly rounds = new SharedRound(() => this.look(), this.log, 'cards to close')

  constructor(
    private readonly clicked: ClickedTurnRepository,
    private readonly writer: ReplyWriter,
    private readonly integrations: IntegrationReader,
    private readonly contexts: TurnContexts
  ) {}

  /** One look; `TurnWatch` repeats it. Begins to close what is due, one card of an integration at a time. Never rejects. */
  closeDue(): Promise<void> {
    return this.rounds.run()
  }

  stop(): Promise<void> {
    return this.rounds.stop()
  }

  private async look(): Promise<void> {
    if (this.closings.size >= PARALLEL) return
    const busy = [...this.closings.keys()]
    for (const turn of await this.clicked.takeUnclosed(PARALLEL - busy.length, busy)) this.begin(turn)
  }

  private begin(turn: UnclosedTurn): void {
    const closing = this.close(turn).finally(() => {
      this.closings.delete(turn.integrationId)
      void this.closeDue()
    })
    this.closings.set(turn.integrationId, closing)
    this.rounds.begin(closing)
  }

  private async close(turn: UnclosedTurn): Promise<void> {
    try {
      const found = await this.integrations.lookUp(turn.integrationId)
      if (found === 'unavailable') return
      if (typeof found !== 'string') {
        const { integration } = found
        const held = await this.writer.hold({ turnId: turn.id, ...turn })
        if (!held) return
        if (turn.reason === 'recalled') await this.writer.forgetSign(held)
        const language = await this.contexts.languageOf(integration, turn.senderId)
        const frame = closingFrame(held.text ?? '', turn.reason, language, isSharedKey(turn.scopeKey, turn))
        await this.writer.whileHeld(held, async () => {
          const target = replyTargetOf(turn)
          if (held.current.messageId) await this.writer.finish(integration.settings, target, held, frame, 'stopped')
          else await this.writer.withdraw(integration.settings, target, held)
        })
      }
      await this.clicked.noteClosed(turn.id)
    } catch (error) {
      if (error instanceof LeaseLostError || isRepeatable(error)) return
      this.log.warn('a card could not be brought to its end', { turn: turn.id }, error)
    }
  }
}
