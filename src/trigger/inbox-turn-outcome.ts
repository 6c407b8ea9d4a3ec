import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { EndedTurn, TurnOutcome } from '../conversation'
import { InboxRepository, ReopenedRows } from '../inbox'

/** A turn's end becomes the outcome of the messages that it answered. */
@Injectable()
export class InboxTurnOutcome extends TurnOutcome {
  constructor(
    private readonly inbox: InboxRepository,
    private readonly reopened: ReopenedRows
  ) {
    super()
  }

  turnEnded(manager: EntityManager, turn: EndedTurn, now: Date): Promise<string[]> {
    return this.inbox.endTurn(manager, turn.turnId, turn.outcome, turn.reason, now)
  }

  turnReopened(manager: EntityManager, turnId: string): Promise<void> {
    return this.reopened.attachAgain(manager, turnId)
  }

  isRepeated(turnId: string, manager?: EntityManager): Promise<boolean> {
    return this.reopened.isRepeated(turnId, manager)
  }
}
