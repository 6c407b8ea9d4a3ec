import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { say } from '../i18n'
import { CardAction } from '../lark'
import { ReplyLedger } from '../reply'
import { LarkIntegration } from '../settings'
import { isObject, textOf } from '../shared'
import { buttonValueOf, ButtonValue } from './answer-buttons'
import { Alongside, Attempts } from './attempts'
import { ClickPeople } from './click-people'
import { Conversations } from './conversations'
import { ClickedTurn } from './clicked-turn.repository'
import { DecidedClicks } from './decided-clicks'
import { decisionFor, approvalRequestOf, Verdict } from './approval-request'
import { ResumeRequest } from '../host'
import { Stops } from './stops'
import { Hold } from './turn-opening'

/** What became of a click: `attached` was written with the turn that it lets go on. */
export type ClickResult = { done: 'attached' } | { done: 'soon' } | { done: 'answered' | 'refused'; reason: string }

/** The click's own row. */
export interface ClickRow {
  /** Joins it to the turn, in the transaction that lets that go on. */
  attach: Alongside
  /** Throws, in a transaction, when the row is not the caller's any more. */
  hold: Hold
}

interface Click {
  action: CardAction
  integration: LarkIntegration
  row: ClickRow
}

/** Does what a click asks for, from its row: once, however often it is delivered. */
@Injectable()
export class CardClicks {
  constructor(
    private readonly clicks: DecidedClicks,
    private readonly attempts: Attempts,
    private readonly stops: Stops,
    private readonly conversations: Conversations,
    private readonly ledger: ReplyLedger,
    private readonly people: ClickPeople
  ) {}

  /**
   * Throws `IntegrationUnavailableError`.
   * @param receiver whose event it is
   */
  async handle(action: CardAction, receiver: LarkIntegration, row: ClickRow): Promise<ClickResult> {
    const value = buttonValueOf(action.value)
    if (!value) return { done: 'refused', reason: 'foreign_card' }
    const { answer, decision } = await this.clicks.of(value, action.operatorOpenId, receiver)
    if (decision === 'soon') return { done: 'soon' }
    if (typeof decision === 'object') return { done: 'refused', reason: decision.unavailable }
    if (decision === 'not_open' || decision === 'taken' || !answer)
      return { done: 'answered', reason: 'click_too_late' }
    if (decision !== 'do') return { done: 'refused', reason: 'click_not_allowed' }
    const { turn, integration } = answer
    if (await this.carryOut(value, turn, { action, integration, row })) {
      if (value.action === 'stop') return { done: 'answered', reason: 'click_stop' }
      if (value.action === 'new') return { done: 'answered', reason: 'click_new' }
      return { done: 'attached' }
    }
    return { done: 'answered', reason: 'click_too_late' }
  }

  private carryOut({ action }: ButtonValue, turn: ClickedTurn, click: Click): Promise<boolean> {
    switch (action) {
      case 'stop':
        return this.stops.stop({ turnId: turn.id }, 'stopped')
      case 'new':
        return this.startNew(turn, click)
      case 'again':
        return this.attempts.tryAgain(turn.id, async (manager, turnId) => {
          await this.ledger.reopen(manager, turnId)
          await click.row.attach(manager, turnId)
        })
      case 'confirm':
      case 'reject':
        return this.decide(action, turn, click)
    }
  }

  /** Also from a card of a session that is over: what is open in its scope now ends. */
  private async startNew(turn: ClickedTurn, { action, row }: Click): Promise<boolean> {
    await this.conversations.startNew(turn, action.operatorOpenId, row.hold)
    return true
  }

  private async decide(verdict: Verdict, turn: ClickedTurn, { action, integration, row }: Click): Promise<boolean> {
    const operation = turn.operation ?? {}
    if (!turn.conversationId) return false
    // The card is that of the person who asked, whoever decides.
    const language = await this.people.languageOf(integration, turn.senderId)
    const resume: ResumeRequest = {
      conversationId: turn.conversationId,
      target: targetOf(operation['target']),
      decision: decisionFor(approvalRequestOf(operation), verdict, say('rejectedForModel', language))
    }
    const line = await this.people.decisionLine(verdict, action, integration.id, language)
    return this.attempts.resume(turn.id, resume, async (manager: EntityManager, turnId: string) => {
      await this.ledger.append(manager, turnId, line)
      await row.attach(manager, turnId)
    })
  }
}

const targetOf = (target: unknown): ResumeRequest['target'] => {
  const raw = isObject(target) ? target : {}
  const aiMessageId = textOf(raw['aiMessageId'])
  const executionId = textOf(raw['executionId'])
  return { ...(aiMessageId ? { aiMessageId } : {}), ...(executionId ? { executionId } : {}) }
}
