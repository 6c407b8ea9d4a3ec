import { Injectable } from '@nestjs/common'
import { RunCallback } from '../host'
import { GroupedQueue } from '../shared'
import { NewRunEvent, RunEventRepository } from './run-event.repository'

const MAX_GROUP = 200

/** Stores run events as they come, at most one statement at a time: a lone one at once, those who wait share the next. */
@Injectable()
export class RunEventIntake {
  private readonly queue: GroupedQueue<NewRunEvent, void>

  constructor(events: RunEventRepository) {
    this.queue = new GroupedQueue(async (group) => {
      await events.store(group)
      return group.map(() => undefined)
    }, MAX_GROUP)
  }

  /** Resolves when the event is stored, or was stored before, or comes too late to matter. */
  store(turnId: string, callback: RunCallback): Promise<void> {
    return this.queue.add({ turnId, callback })
  }
}
