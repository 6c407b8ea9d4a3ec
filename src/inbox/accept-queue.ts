import { GroupedQueue, STATEMENT_MS } from '../shared'
import { AcceptedEvent } from './accept-statement'

/** Answers for each event, in order, whether its row is new; throws when none of them was stored. */
export type StoreEvents = (events: readonly AcceptedEvent[]) => Promise<boolean[]>

const MAX_GROUP = 100

/** Stores events in the order in which they arrived; those who wait share a statement. */
export class AcceptQueue {
  private readonly queue: GroupedQueue<AcceptedEvent, boolean>

  constructor(store: StoreEvents) {
    // A late one does no harm: what Lark then delivers again is a duplicate.
    this.queue = new GroupedQueue(store, MAX_GROUP, { limitMs: STATEMENT_MS })
  }

  /** Resolves when the event's own row is in the database; true when it is new. */
  accept(accepted: AcceptedEvent): Promise<boolean> {
    return this.queue.add(accepted)
  }
}
