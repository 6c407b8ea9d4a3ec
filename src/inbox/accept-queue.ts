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

/** PostgreSQL's classes for bad data, broken constraints, exceeded limits, and a deadlock with another instance's group. */
const isOneEventsFault = (error: unknown): boolean => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return /^(22|23|40|54)/.test(code)
}

/**
 * One statement at a time in this process, so that events are stored in the order in which they arrived. A lone event is
 * stored at once; what arrives meanwhile shares the next statement. When a group fails because of one of its events, each is
 * stored by itself, so that the bad one fails alone; when the database is away, nobody waits for each in turn.
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
      if (group.length > 1 && isOneEventsFault(error)) for (const waiting of group) await this.storeGroup([waiting])
      else for (const waiting of group) waiting.reject(error)
    }
  }
}
