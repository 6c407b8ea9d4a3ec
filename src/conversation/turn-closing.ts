import { Injectable } from '@nestjs/common'
import { languageOf } from '../i18n'
import { ReplyWriter, isRepeatable } from '../reply'
import { IntegrationReader } from '../settings'
import { LeaseLostError, Log } from '../shared'
import { closingFrame } from './answer-frame'
import { ClickedTurnRepository, UnclosedTurn } from './clicked-turn.repository'
import { replyTargetOf } from './reply-target'

const BATCH = 20

/** Brings cards to their end whose turn ended without its run, such as a question that the next message made forgotten. */
@Injectable()
export class TurnClosing {
  private readonly log = new Log('conversation')

  constructor(
    private readonly clicked: ClickedTurnRepository,
    private readonly writer: ReplyWriter,
    private readonly integrations: IntegrationReader
  ) {}

  /** One look; `TurnWatch` repeats it. */
  async closeDue(): Promise<void> {
    for (const turn of await this.clicked.unclosed(BATCH)) await this.close(turn)
  }

  private async close(turn: UnclosedTurn): Promise<void> {
    try {
      const integration = await this.integrations.find(turn.integrationId)
      if (integration) {
        const held = await this.writer.hold({ turnId: turn.id, ...turn })
        if (!held) return
        if (turn.reason === 'recalled') await this.writer.forgetSign(held)
        const language = languageOf(integration.settings.preferLanguage)
        const frame = closingFrame(held.text ?? '', turn.reason, language)
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
