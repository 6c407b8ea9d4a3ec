import { NewInboundEvent } from './inbox'

export interface AcceptedEvent {
  event: NewInboundEvent
  receivedAt: Date
}

/** Answers for each event, in order, whether its row is new; throws when none of them was stored. */
export type StoreEvents = (events: readonly AcceptedEvent[]) => Promise<boolean[]>

interface Waiting extends AcceptedEvent {
  resolve(isNew: boolean): void
  reject(error: unknown): void
}

const MAX_GROUP = 100

/**
 * One statement at a time in this process, so that events are stored in the order in which they arrived. A lone event is
 * stored at once; what arrives meanwhile shares the next statement. When a group fails, each of its events is stored by
 * itself, so that a bad one fails alone.
 */
export class AcceptQueue {
  private readonly waiting: Waiting[] = []
  private storing = false

  constructor(private readonly store: StoreEvents) {}

  /** Resolves when the event's own row is in the database; true when it is new. */
  accept(accepted: AcceptedEvent): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...accepted, resolve, reject })
      if (!this.storing) void this.drain()
    })
  }

  /** Never rejects. */
  private async drain(): Promise<void> {
    this.storing = true
    while (this.waiting.length > 0) await this.storeGroup(this.waiting.splice(0, MAX_GROUP))
    this.storing = false
  }

  private async storeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const areNew = await this.store(group)
      group.forEach((waiting, place) => waiting.resolve(areNew[place] === true))
    } catch (error) {
      if (group.length === 1) group[0]!.reject(error)
      else for (const waiting of group) await this.storeGroup([waiting])
    }
  }
}
