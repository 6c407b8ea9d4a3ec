import type { SimCall, SimDelivery } from '../contract'
import type { Changes } from './changes'

// Enough for any test; a long soak must not fill the memory.
const KEPT = 50_000

/** What was called and what was pushed, and how much of it is under way. */
export class Traffic {
  readonly calls: SimCall[] = []
  readonly deliveries: SimDelivery[] = []
  private callsInFlight = 0
  private pushesOpen = 0
  private pushesWaiting = 0

  constructor(private readonly changes: Changes) {}

  beginCall(call: SimCall): SimCall {
    keep(this.calls, call)
    this.callsInFlight += 1
    return call
  }

  endCall(call: SimCall, status: number, code: number): void {
    if (call.endedAt !== undefined) return
    Object.assign(call, { endedAt: Date.now(), status, code })
    this.callsInFlight -= 1
    this.changes.notify()
  }

  beginDelivery(delivery: SimDelivery): SimDelivery {
    keep(this.deliveries, delivery)
    return delivery
  }

  endDelivery(delivery: SimDelivery, outcome: Partial<SimDelivery>): void {
    Object.assign(delivery, outcome, { endedAt: Date.now() })
    this.changes.notify()
  }

  /** A push is open from the moment it is made until it is acknowledged or given up. */
  async whileInFlight<T>(work: () => Promise<T>): Promise<T> {
    this.pushesOpen += 1
    try {
      return await work()
    } finally {
      this.pushesOpen -= 1
      this.changes.notify()
    }
  }

  async whileWaiting<T>(work: () => Promise<T>): Promise<T> {
    this.pushesWaiting += 1
    this.changes.notify()
    try {
      return await work()
    } finally {
      this.pushesWaiting -= 1
      this.changes.notify()
    }
  }

  settled(ignoreRetries: boolean): boolean {
    return this.callsInFlight === 0 && this.pushesOpen === (ignoreRetries ? this.pushesWaiting : 0)
  }

  describe(): string {
    return `${this.callsInFlight} calls in flight, ${this.pushesOpen} pushes open, ${this.pushesWaiting} of them waiting for their next attempt`
  }
}

function keep<T>(list: T[], item: T): void {
  list.push(item)
  if (list.length > KEPT) list.splice(0, KEPT / 10)
}
