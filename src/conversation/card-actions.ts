import { Injectable } from '@nestjs/common'
import { say, TextKey } from '../i18n'
import { CardAction, CardActionResponder, CardResponse } from '../lark'
import { IntegrationReader } from '../settings'
import { buttonValueOf, CardActionName } from './answer-buttons'
import { DecidedClick, DecidedClicks } from './decided-clicks'
import { TurnContexts } from './turn-contexts'

type Toast = [type: 'success' | 'info' | 'warning', text: TextKey]

const DONE: Record<CardActionName, TextKey> = {
  stop: 'clickStopping',
  again: 'clickAgain',
  new: 'clickNew',
  confirm: 'clickConfirm',
  reject: 'clickReject'
}

const NOT_DONE = {
  not_yours: ['warning', 'clickNotYours'],
  approvers_only: ['warning', 'clickApproversOnly'],
  not_allowed: ['warning', 'outOfScope'],
  not_open: ['info', 'clickTooLate'],
  taken: ['info', 'alreadyAnsweringAgain']
} as const satisfies Record<string, Toast>

const toastOf = (decision: DecidedClick['decision'], action: CardActionName): Toast => {
  if (typeof decision === 'object') return ['warning', 'clickUnavailable']
  return decision === 'do' || decision === 'soon' ? ['success', DONE[action]] : NOT_DONE[decision]
}

/** Tells the person at once what the click will do; `CardClicks` does it, from the click's row. */
@Injectable()
export class ConversationCardActions extends CardActionResponder {
  constructor(
    private readonly clicks: DecidedClicks,
    private readonly integrations: IntegrationReader,
    private readonly contexts: TurnContexts
  ) {
    super()
  }

  async respond(action: CardAction, integrationId: string): Promise<CardResponse> {
    const value = buttonValueOf(action.value)
    if (!value) return {}
    const receiver = await this.integrations.read(integrationId)
    if (typeof receiver === 'string') return {}
    const { answer, decision } = await this.clicks.of(value, action.operatorOpenId, receiver.integration)
    const { integration } = answer ?? receiver
    const language = await this.contexts.languageOf(integration, action.operatorOpenId)
    const [type, text] = toastOf(decision, value.action)
    return { toast: { type, content: say(text, language) } }
  }
}
