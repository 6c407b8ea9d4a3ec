import { randomUUID } from 'node:crypto'
import type { Fault } from '../contract'

type On = Fault['on']
type FaultOf<O extends On> = Extract<Fault, { on: O }>

export interface FaultSubject {
  appId?: string
  api?: string
  eventType?: string
}

/** Faults in the order they were added; the first that matches is used up by one. */
export class Faults {
  private list: { id: string; fault: Fault; left: number }[] = []

  add(fault: Fault): string {
    const id = randomUUID()
    this.list.push({ id, fault, left: fault.times ?? 1 })
    return id
  }

  clear(): void {
    this.list = []
  }

  all(): { id: string; left: number; fault: Fault }[] {
    return this.list
  }

  take<O extends On>(on: O, subject: FaultSubject): FaultOf<O> | undefined {
    const entry = this.list.find(({ fault }) => fault.on === on && matches(fault, subject))
    if (!entry) return undefined
    if (entry.left > 0) entry.left -= 1
    if (entry.left === 0) this.list = this.list.filter((other) => other !== entry)
    return entry.fault as FaultOf<O>
  }
}

function matches(fault: Fault, subject: FaultSubject): boolean {
  if (fault.appId !== undefined && fault.appId !== subject.appId) return false
  if (fault.on === 'api' && fault.api !== undefined && fault.api !== subject.api) return false
  return fault.on !== 'delivery' || fault.eventType === undefined || fault.eventType === subject.eventType
}
