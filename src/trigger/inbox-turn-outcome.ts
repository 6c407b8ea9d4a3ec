import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { EndedTurn, TurnOutcome } from '../conversation'
import { InboxRepository } from '../inbox'

/** A turn's end becomes the outcome of the messages that it answered. */
@Injectable()
export class InboxTurnOutcome extends TurnOutcome {
  constructor(private readonly inbox: InboxRepository) {
    super()
  }

  turnEnded(manager: EntityManager, turn: EndedTurn, now: Date): Promise<void> {
    return this.inbox.endTurn(manager, turn.turnId, turn.outcome, turn.reason, now)
  }
}
