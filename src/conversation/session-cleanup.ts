import { Injectable } from '@nestjs/common'
import { ReplyLedger } from '../reply'
import { IntegrationListener } from '../settings'
import { Clock, letGo } from '../shared'
import { TurnOutcome } from './turn-outcome'
import { SessionRepository } from './session.repository'
import { TurnRepository } from './turn.repository'

export const INTEGRATION_REMOVED = 'integration_removed'

/** A removed integration takes its open sessions and their turns with it; both stay as history. */
@Injectable()
export class SessionCleanup implements IntegrationListener {
  constructor(
    private readonly turns: TurnRepository,
    private readonly sessions: SessionRepository,
    private readonly outcome: TurnOutcome,
    private readonly ledger: ReplyLedger,
    private readonly clock: Clock
  ) {}

  async integrationChanged(): Promise<void> {}

  kept(): Promise<string[]> {
    return this.sessions.integrations()
  }

  async integrationRemoved(integrationId: string): Promise<void> {
    const now = this.clock.now()
    await this.turns.transaction(async (manager) => {
      await letGo(manager)
      // The counts before the sessions, as who opens one.
      await this.sessions.forgetBots(manager, integrationId)
      await this.sessions.closeAll(manager, integrationId, now)
      for (const turnId of await this.turns.endAll(manager, integrationId, INTEGRATION_REMOVED, now)) {
        await this.outcome.turnEnded(manager, { turnId, outcome: 'dropped', reason: INTEGRATION_REMOVED }, now)
      }
      await this.ledger.restAll(manager, integrationId)
    })
  }
}
