import { EntityManager } from 'typeorm'

export interface EndedTurn {
  turnId: string
  outcome: 'answered' | 'failed' | 'dropped'
  reason: string
}

/** Writes what becomes of a turn on the rows of its messages, in the transaction that changes the turn. */
export abstract class TurnOutcome {
  /** The ids of these rows, for the log. */
  abstract turnEnded(manager: EntityManager, turn: EndedTurn, now: Date): Promise<string[]>
  /** An ended turn is asked once more. */
  abstract turnReopened(manager: EntityManager, turnId: string): Promise<void>
  /**
   * Whether somebody else has one of its messages answered again, or had.
   * @param manager of a transaction until whose end nobody else can
   */
  abstract isRepeated(turnId: string, manager?: EntityManager): Promise<boolean>
}
