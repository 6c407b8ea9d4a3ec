import { Injectable } from '@nestjs/common'
import { languageOf, say, TextKey } from '../i18n'
import { CardAction, CardActionResponder, CardResponse } from '../lark'
import { IntegrationReader } from '../settings'
import { buttonValueOf, CardActionName } from './answer-buttons'
import { ClickedAnswers } from './clicked-answers'
import { decideClick } from './click-policy'
import { TurnOutcome } from './turn-outcome'

const DONE: Record<CardActionName, TextKey> = {
  stop: 'clickStopping',
  again: 'clickAgain',
  new: 'clickNew',
  confirm: 'clickConfirm',
  reject: 'clickReject'
}

/** Tells the person at once what the click will do; `CardClicks` does it, from the click's row. */
@Injectable()
export class ConversationCardActions extends CardActionResponder {
  constructor(
    private readonly answers: ClickedAnswers,
    private readonly integrations: IntegrationReader,
    private readonly outcome: TurnOutcome
  ) {
    super()
  }

  async respond(action: CardAction, integrationId: string): Promise<CardResponse> {
    const value = buttonValueOf(action.value)
    if (!value) return {}
    const receiver = await this.integrations.read(integrationId)
    if (typeof receiver === 'string') return {}
    const answer = await this.answers.find(value.turnId, receiver.integration)
    const { integration } = answer ?? receiver
    const language = languageOf(integration.settings.preferLanguage)
    const decision = decideClick(value, answer?.turn ?? null, action.operatorOpenId)
    if (decision === 'not_yours') return { toast: { type: 'warning', content: say('clickNotYours', language) } }
    if (decision === 'not_open') return { toast: { type: 'info', content: say('clickTooLate', language) } }
    if (value.action === 'again' && (await this.outcome.isRepeated(value.turnId)))
      return { toast: { type: 'info', content: say('alreadyAnsweringAgain', language) } }
    return { toast: { type: 'success', content: say(DONE[value.action], language) } }
  }
}
