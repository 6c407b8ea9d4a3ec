import type { SimCall, SimDelivery } from '../contract'
import type { Changes } from './changes'

// Enough for any test; a long soak must not fill the memory.
const KEPT = 50_000

/** One event on its way to one app, from its making until it is acknowledged or given up. */
export interface OpenPush {
  appId: string
  /** Between two attempts. */
  waiting: boolean
}

/** What was called and what was pushed, and how much of it is under way. */
export class Traffic {
  readonly calls: SimCall[] = []
  readonly deliveries: SimDelivery[] = []
  private readonly openCalls = new Set<SimCall>()
  private readonly openPushes = new Set<OpenPush>()

  constructor(private readonly changes: Changes) {}

  beginCall(call: SimCall): SimCall {
    keep(this.calls, call)
    this.openCalls.add(call)
    this.changes.notify()
    return call
  }

  endCall(call: SimCall, status: number, code: number): void {
    if (!this.openCalls.delete(call)) return
    Object.assign(call, { endedAt: Date.now(), status, code })
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

  async whileOpen<T>(appId: string, work: (push: OpenPush) => Promise<T>): Promise<T> {
    const push: OpenPush = { appId, waiting: false }
    this.openPushes.add(push)
    try {
      return await work(push)
    } finally {
      this.openPushes.delete(push)
      this.changes.notify()
    }
  }

  async whileWaiting(push: OpenPush, work: () => Promise<void>): Promise<void> {
    push.waiting = true
    this.changes.notify()
    await work()
    push.waiting = false
  }

  settled(scope: { appId?: string; ignoreRetries?: boolean }): boolean {
    const concerned = ({ appId }: { appId?: string }): boolean => scope.appId === undefined || appId === scope.appId
    if ([...this.openCalls].some(concerned)) return false
    return ![...this.openPushes].some((push) => concerned(push) && !(push.waiting && scope.ignoreRetries))
  }

  describe(): string {
    const waiting = [...this.openPushes].filter((push) => push.waiting).length
    const pushes = `${this.openPushes.size} pushes open, ${waiting} of them waiting for their next attempt`
    return `${this.openCalls.size} calls in flight, ${pushes}`
  }
}

function keep<T>(list: T[], item: T): void {
  list.push(item)
  if (list.length > KEPT) list.splice(0, KEPT / 10)
}
