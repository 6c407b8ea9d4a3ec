import { Injectable } from '@nestjs/common'
import { isSameApp } from '../lark'
import { IntegrationReader, LarkIntegration } from '../settings'
import { ClickedTurn, ClickedTurnRepository } from './clicked-turn.repository'

export interface ClickedAnswer {
  turn: ClickedTurn
  /** The one that answers. */
  integration: LarkIntegration
}

const isSibling = (one: LarkIntegration, other: LarkIntegration): boolean =>
  one.tenantId === other.tenantId &&
  one.organizationId === other.organizationId &&
  isSameApp(one.settings, other.settings)

/** The answer whose card was clicked. Integrations of one app may share its events: one receives the click, another answers. */
@Injectable()
export class ClickedAnswers {
  constructor(
    private readonly turns: ClickedTurnRepository,
    private readonly integrations: IntegrationReader
  ) {}

  /**
   * Null where there is none, or it is not of the app and organisation whose click it is. Throws
   * `IntegrationUnavailableError`.
   */
  async find(turnId: string, receiver: LarkIntegration): Promise<ClickedAnswer | null> {
    const turn = await this.turns.find(turnId)
    if (!turn) return null
    if (turn.integrationId === receiver.id) return { turn, integration: receiver }
    const found = await this.integrations.read(turn.integrationId)
    if (typeof found === 'string' || !isSibling(found.integration, receiver)) return null
    return { turn, integration: found.integration }
  }
}
