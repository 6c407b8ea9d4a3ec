import { Injectable } from '@nestjs/common'
import { languageOf, say, TextKey } from '../i18n'
import { CardAction, CardActionResponder, CardResponse } from '../lark'
import { IntegrationReader } from '../settings'
import { buttonValueOf, CardActionName } from './answer-buttons'
import { decideClick } from './click-policy'
import { ClickedTurnRepository } from './clicked-turn.repository'

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
    private readonly turns: ClickedTurnRepository,
    private readonly integrations: IntegrationReader
  ) {
    super()
  }

  async respond(action: CardAction, integrationId: string): Promise<CardResponse> {
    const value = buttonValueOf(action.value)
    if (!value) return {}
    const [turn, integration] = await Promise.all([
      this.turns.find(value.turnId),
      this.integrations.find(integrationId)
    ])
    const language = languageOf(integration?.settings.preferLanguage)
    const decision = decideClick(value, turn, integrationId, action.operatorOpenId)
    if (decision === 'not_yours') return { toast: { type: 'warning', content: say('clickNotYours', language) } }
    if (decision === 'not_open') return { toast: { type: 'info', content: say('clickTooLate', language) } }
    return { toast: { type: 'success', content: say(DONE[value.action], language) } }
  }
}
