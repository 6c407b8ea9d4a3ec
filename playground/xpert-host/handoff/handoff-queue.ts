import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { Pool } from 'pg'
import { realTimers } from '../../clock/clock-control'
import type { EnqueueAndWaitOptions, EnqueueOptions, HandoffMessage, ProcessResult } from './handoff-message'
import { HandoffSettings } from './handoff-options'
import { InstanceWatch } from './instance-watch'
import { MessageRunner } from './message-runner'
import { NamedQueue } from './named-queue'
import { Outbox } from './outbox'
import { fullQueueName, QUEUES } from './queue-names'
import { QueueStore } from './queue-store'

export interface QueueStats {
  queue: string
  waiting: number
  running: number
  dead: number
}

const DEFAULT_WAIT_MS = 120_000
/** A processor that does not end by then is left to the other instances, as if this process had been killed. */
const STOP_LIMIT_MS = 5_000
/** Two for each queue's notifications while it is replaced; most messages do not talk to the database at a given moment. */
const POOL_SIZE = 2 * QUEUES.length + 10

/**
 * The handoff queue as every part of the host sees it. Starts to work at `onApplicationBootstrap`. It neither removes
 * duplicates nor puts the messages of a session in order (host-contract §10 16).
 */
@Injectable()
export class HandoffQueue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly pool: Pool
  private readonly queues: NamedQueue[]
  private stopped?: Promise<void>

  constructor(
    private readonly settings: HandoffSettings,
    private readonly store: QueueStore,
    private readonly outbox: Outbox,
    private readonly runner: MessageRunner,
    private readonly watch: InstanceWatch
  ) {
    // What a crash of the database may undo here is the start or the end of a job: it is then processed once more.
    this.pool = new Pool({
      connectionString: settings.databaseUrl,
      max: POOL_SIZE,
      options: '-c synchronous_commit=off'
    })
    this.pool.on('error', () => undefined)
    this.pool.on('connect', (client) => client.on('error', () => undefined))
    this.queues = QUEUES.map(
      (name) => new NamedQueue(name, this.pool, settings.queueSlots, (queue, message) => runner.run(queue, message))
    )
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.store.ready()
    await this.watch.start(this.queues)
    this.queues.forEach((queue) => queue.start())
    await this.watch.beat()
  }

  /** Before the application's own connections close: messages that are being processed may still need them. */
  beforeApplicationShutdown(signal?: string): Promise<void> {
    return this.onShutdown(signal)
  }

  /** Resolves when the message is stored. */
  async enqueue(message: HandoffMessage, options: EnqueueOptions = {}): Promise<{ id: string }> {
    await this.outbox.put(message, options)
    if (options.delayMs) this.store.wakeIn(message.headers?.handoffQueue, options.delayMs)
    return { id: message.id }
  }

  /** Best effort, as in the host: it learns the result only when this same process runs the message. Rejects on time-out. */
  async enqueueAndWait(message: HandoffMessage, options: EnqueueAndWaitOptions = {}): Promise<ProcessResult> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_WAIT_MS
    let release: () => void = () => undefined
    try {
      return await new Promise<ProcessResult>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`Handoff message ${message.id} timed out after ${timeoutMs}ms`)),
          timeoutMs
        )
        const forget = this.runner.observe(message.id, { ended: resolve, event: (event) => options.onEvent?.(event) })
        release = () => {
          clearTimeout(timer)
          forget()
        }
        this.enqueue(message, options).catch(reject)
      })
    } finally {
      release()
    }
  }

  /** One row per named queue, over all instances. */
  async stats(): Promise<QueueStats[]> {
    const counts = await this.store.counts()
    return counts.map((count) => ({ ...count, queue: fullQueueName(count.queue) }))
  }

  /** Ends this process's share of the work: what runs is lost without a last word (host-observed 34). */
  onShutdown(_signal?: string): Promise<void> {
    this.stopped ??= this.stop()
    return this.stopped
  }

  private async stop(): Promise<void> {
    await new Promise((resolve) => realTimers().setTimeout(resolve, this.settings.shutdownGraceMs))
    this.runner.loseRuns()
    const idle = Promise.all(this.queues.map((queue) => queue.stop()))
    await Promise.race([idle, new Promise((resolve) => realTimers().setTimeout(resolve, STOP_LIMIT_MS).unref())])
    await this.watch.stop()
    await this.pool.end().catch(() => undefined)
    await this.store.close()
  }
}
