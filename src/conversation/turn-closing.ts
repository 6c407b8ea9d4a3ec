import { Injectable } from '@nestjs/common'
import { Language } from '../i18n'
import { AnswerFrame, Delivery, HeldReply, isBegun, isRepeatable, ReplyWriter } from '../reply'
import { IntegrationReader, LarkIntegration } from '../settings'
import { LeaseLostError, Log, SharedRound } from '../shared'
import { closingFrame, repeatedFrame } from './answer-frame'
import { ClickedTurnRepository, UnclosedTurn } from './clicked-turn.repository'
import { replyTargetOf } from './reply-target'
import { isSharedKey } from './session-key'
import { TurnContexts } from './turn-contexts'
import { TurnOutcome } from './turn-outcome'

/** Integrations whose cards are closed side by side: Lark may not answer for the app of one of them. */
const PARALLEL = 10

/** Why a turn has ended whose card may not show the end, or does not. */
const UNKNOWN: Delivery = 'delivery_unknown'
const REFUSED = 'content_refused' satisfies Delivery

/** Of these its person reads also where nothing is there yet. */
const TOLD: ReadonlySet<string> = new Set([UNKNOWN, REFUSED, 'integration_unusable'])

/**
 * Brings cards to their end whose turn ended without its run, such as a question that was overtaken, or before Lark said that
 * it shows the end.
 */
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
    private readonly contexts: TurnContexts,
    private readonly outcome: TurnOutcome
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
      // One that is only unusable may be mended.
      if (found === 'unavailable' || found === 'unusable') return
      if (typeof found === 'string' || (await this.bringToEnd(turn, found.integration)))
        await this.clicked.noteClosed(turn.id)
    } catch (error) {
      if (error instanceof LeaseLostError || isRepeatable(error)) return
      this.log.warn('a card could not be brought to its end', { turn: turn.id }, error)
    }
  }

  /** False where somebody has to look at it again. */
  private async bringToEnd(turn: UnclosedTurn, integration: LarkIntegration): Promise<boolean> {
    const isRepeated = await this.outcome.isRepeated(turn.id)
    const held = await this.writer.hold({ turnId: turn.id, ...turn })
    if (!held) return false
    await this.writer.whileHeld(held, () => this.show(turn, integration, held, isRepeated))
    // An admin who has had it answered again meanwhile has not seen its end: the next look leaves one whole answer.
    return isRepeated || !(await this.outcome.isRepeated(turn.id))
  }

  private async show(
    turn: UnclosedTurn,
    integration: LarkIntegration,
    held: HeldReply,
    isRepeated: boolean
  ): Promise<void> {
    const { settings } = integration
    const target = replyTargetOf(turn)
    if (turn.reason === 'recalled') await this.writer.forgetSign(held)
    if (!isBegun(held) && (isRepeated || !TOLD.has(turn.reason))) return this.writer.withdraw(settings, target, held)
    const language = await this.contexts.languageOf(integration, turn.senderId)
    const frame = isRepeated ? repeatedFrame(language) : this.lastFrame(turn, held, language)
    if (held.phase === 'failed') return this.writer.conclude(settings, target, held, frame)
    if (frame) await this.writer.finish(settings, target, held, frame, 'stopped', { onlyCloses: true })
  }

  /** Undefined for its whole answer, which is kept. */
  private lastFrame(turn: UnclosedTurn, { text, fault }: HeldReply, language: Language): AnswerFrame | undefined {
    if (turn.reason === UNKNOWN) return undefined
    const shown = fault?.reaction === REFUSED ? '' : (text ?? '')
    return closingFrame(shown, turn.reason, language, isSharedKey(turn.scopeKey, turn))
  }
}
