import { Injectable } from '@nestjs/common'
import type { EnqueueOptions, HandoffMessage } from './handoff-message'
import { fullQueueName, type QueueName, resolveQueue } from './queue-names'
import { type NewJob, QueueStore } from './queue-store'

interface Waiting extends NewJob {
  resolve(): void
  reject(error: unknown): void
}

const MAX_BATCH = 500

/**
 * Writes messages to the queues. A lone message is written at once; those that come while a statement is on its way
 * share the next one, so a burst costs a few statements and order within one process is kept.
 */
@Injectable()
export class Outbox {
  private readonly waiting = new Map<QueueName, Waiting[]>()
  private readonly writing = new Set<QueueName>()

  constructor(private readonly store: QueueStore) {}

  /** Resolves when the message is stored; rejects when it is not. */
  put(message: HandoffMessage, options: EnqueueOptions = {}): Promise<void> {
    const queue = resolveQueue(message.headers?.handoffQueue)
    const headers = message.headers?.handoffQueue
      ? { ...message.headers, handoffQueue: fullQueueName(queue) }
      : message.headers
    return new Promise((resolve, reject) => {
      const line = this.waiting.get(queue) ?? []
      this.waiting.set(queue, line)
      line.push({ message: { ...message, headers }, delayMs: Math.max(0, options.delayMs ?? 0), resolve, reject })
      if (!this.writing.has(queue)) void this.write(queue)
    })
  }

  private async write(queue: QueueName): Promise<void> {
    this.writing.add(queue)
    // Everything that the same turn of the event loop enqueues belongs to one burst.
    await new Promise((resolve) => setImmediate(resolve))
    for (let batch = this.take(queue); batch.length > 0; batch = this.take(queue)) {
      try {
        await this.store.ready()
        await this.store.add(queue, batch)
        batch.forEach((item) => item.resolve())
      } catch (error) {
        batch.forEach((item) => item.reject(error))
      }
    }
    this.writing.delete(queue)
  }

  private take(queue: QueueName): Waiting[] {
    return this.waiting.get(queue)?.splice(0, MAX_BATCH) ?? []
  }
}
