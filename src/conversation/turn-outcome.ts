import { EntityManager } from 'typeorm'

export interface EndedTurn {
  turnId: string
  outcome: 'answered' | 'failed' | 'dropped'
  reason: string
}

/** Writes the end of a turn on the rows of its messages, in the transaction that ends the turn. */
export abstract class TurnOutcome {
  abstract turnEnded(manager: EntityManager, turn: EndedTurn, now: Date): Promise<void>
}
