import { Injectable } from '@nestjs/common'
import { InstanceRegistry } from '../cluster'
import { RunCallback } from '../host'
import { GroupedQueue, STATEMENT_MS } from '../shared'
import { NewRunEvent, RunEventRepository } from './run-event.repository'

const MAX_GROUP = 200

/** Events of one answer come every 5 ms (host-observed 30): in a stream of them, a statement takes some together. */
const GATHER_MS = 10

/** Stores run events as they come, at most one statement at a time: a lone one at once, those that follow it closely together. */
@Injectable()
export class RunEventIntake {
  private readonly queue: GroupedQueue<NewRunEvent, void>

  private readonly figures = { events: 0, writes: 0 }

  constructor(events: RunEventRepository, instances: InstanceRegistry) {
    instances.report('run-events', () => ({ all: { ...this.figures } }))
    const store = async (group: readonly NewRunEvent[]): Promise<void[]> => {
      await events.store(group)
      this.figures.events += group.length
      this.figures.writes += 1
      return group.map(() => undefined)
    }
    // A late one does no harm: what the host then brings again is known by its digest.
    this.queue = new GroupedQueue(store, MAX_GROUP, { gatherMs: GATHER_MS, limitMs: STATEMENT_MS })
  }

  /** Resolves when the event is stored, or was stored before, or comes too late to matter. */
  store(turnId: string, callback: RunCallback): Promise<void> {
    return this.queue.add({ turnId, callback })
  }
}
