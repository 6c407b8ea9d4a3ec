import { EventEmitter } from 'node:events'
import { type Job, runTaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker'
import type { Pool } from 'pg'
import type { HandoffMessage } from './handoff-message'
import { queueSchema, type QueueName } from './queue-names'
import { quietLogger } from './quiet-logger'
import { TASK } from './queue-store'

// The library polls by this process's timers, which the virtual clock may speed up a thousandfold; due jobs are announced
// by QueueStore.wakeForDueJobs instead.
const POLL_MS = 3_600_000

export type MessageHandler = (queue: QueueName, message: HandoffMessage) => Promise<void>

/** One named queue in this process: `slots` workers, each of which holds one message to the end of its processing. */
export class NamedQueue {
  private readonly pools: WorkerPool[] = []
  private readonly workerIds = new Set<string>()
  private stopping = false

  constructor(
    readonly name: QueueName,
    private readonly pgPool: Pool,
    private readonly slots: number,
    private readonly handle: MessageHandler
  ) {}

  start(): void {
    this.addWorkers(this.slots)
  }

  ids(): string[] {
    return [...this.workerIds]
  }

  /** Lets up to `count` idle workers look for work now. */
  wake(count: number): void {
    let left = count
    for (const worker of this.pools.flatMap((pool) => (pool._shuttingDown ? [] : pool._workers))) {
      if (left <= 0) return
      if (worker.nudge()) left -= 1
    }
  }

  /** Takes no new message and waits for the running ones. */
  async stop(): Promise<void> {
    this.stopping = true
    await Promise.all(this.pools.map((pool) => pool.gracefulShutdown()))
  }

  private addWorkers(concurrency: number): void {
    const events: WorkerEvents = new EventEmitter()
    events.on('worker:create', ({ worker }) => this.workerIds.add(worker.workerId))
    events.on('worker:fatalError', ({ worker }) => this.replace(worker.workerId))
    const pool = runTaskList(
      {
        schema: queueSchema(this.name),
        concurrency,
        events,
        logger: quietLogger,
        noHandleSignals: true,
        pollInterval: POLL_MS,
        minResetLockedInterval: POLL_MS,
        maxResetLockedInterval: POLL_MS
      },
      { [TASK]: (payload, helpers) => this.handle(this.name, messageOf(payload, helpers.job)) },
      this.pgPool
    )
    pool.promise.catch(() => undefined)
    this.pools.push(pool)
  }

  /**
   * A worker that could not report the end of its job (the database was away) ends for good. Its job stays locked by an
   * id that no instance names any more, so it is taken back as if the process had died.
   */
  private replace(workerId: string): void {
    this.workerIds.delete(workerId)
    if (!this.stopping) this.addWorkers(1)
  }
}

const messageOf = (payload: unknown, job: Job): HandoffMessage => (payload ?? job.payload) as HandoffMessage
