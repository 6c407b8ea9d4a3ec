import { Injectable } from '@nestjs/common'
import { LarkIntegration } from '../settings'
import { ButtonValue } from './answer-buttons'
import { ClickPermissions } from './click-permissions'
import { asksToday, ClickDecision, decideClick } from './click-policy'
import { ClickedAnswer, ClickedAnswers } from './clicked-answers'
import { TurnOutcome } from './turn-outcome'

export interface DecidedClick {
  /** Null where there is none. */
  answer: ClickedAnswer | null
  decision: ClickDecision | 'taken'
}

/** What a click means now: read afresh for the toast, and again when the click is carried out. */
@Injectable()
export class DecidedClicks {
  constructor(
    private readonly answers: ClickedAnswers,
    private readonly permissions: ClickPermissions,
    private readonly outcome: TurnOutcome
  ) {}

  /** Throws `IntegrationUnavailableError`. */
  async of(value: ButtonValue, openId: string, receiver: LarkIntegration): Promise<DecidedClick> {
    const answer = await this.answers.find(value.turnId, receiver)
    const today = answer && asksToday(value.action) ? await this.permissions.of({ ...answer.turn, openId }) : null
    const decision = decideClick(value, answer?.turn ?? null, openId, today)
    const isTaken = decision === 'do' && value.action === 'again' && (await this.outcome.isRepeated(value.turnId))
    return { answer, decision: isTaken ? 'taken' : decision }
  }
}
