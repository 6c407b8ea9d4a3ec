import { EventEmitter } from 'node:events'
import { type Job, runTaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker'
import type { Pool } from 'pg'
import { realTimers } from '../../clock/clock-control'
import type { HandoffMessage } from './handoff-message'
import { queueSchema, type QueueName } from './queue-names'
import { quietLogger } from './quiet-logger'
import { TASK } from './queue-store'

// The library polls by this process's timers, which the virtual clock may speed up a thousandfold; due jobs are announced
// by QueueStore.wakeForDueJobs instead.
const POLL_MS = 3_600_000
const LOOK_EVERY_MS = 250

export type MessageHandler = (queue: QueueName, message: HandoffMessage) => Promise<void>

/** One named queue in this process: `slots` workers, each of which holds one message to the end of its processing. */
export class NamedQueue {
  private pool?: WorkerPool
  private replacing?: WorkerPool
  /** Former pools, whose messages are still being processed. */
  private readonly leaving = new Set<Promise<void>>()
  private readonly workerIds = new Set<string>()
  private stopping = false

  constructor(
    readonly name: QueueName,
    private readonly pgPool: Pool,
    private readonly slots: number,
    private readonly handle: MessageHandler
  ) {}

  start(): void {
    const events: WorkerEvents = new EventEmitter()
    const ids: string[] = []
    let hasLooked = false
    const pool = this.newPool(events)
    pool._workers.forEach(({ workerId }) => ids.push(workerId))
    ids.forEach((id) => this.workerIds.add(id))
    events.on('worker:fatalError', ({ worker }) => {
      this.workerIds.delete(worker.workerId)
      void this.replace(pool, ids)
    })
    for (const event of ['worker:getJob:empty', 'job:start'] as const) events.on(event, () => (hasLooked = true))
    // A pool whose very first look failed keeps that failure for good (taskIdentifiers.js of graphile-worker 0.16).
    events.on('worker:getJob:error', () => {
      if (!hasLooked) void this.replace(pool, ids)
    })
    pool.promise.catch(() => undefined)
    this.pool = pool
  }

  ids(): string[] {
    return [...this.workerIds]
  }

  /** Lets up to `count` idle workers look for work now. */
  wake(count: number): void {
    let left = count
    for (const worker of this.pool?._workers ?? []) {
      if (left <= 0) return
      if (worker.nudge()) left -= 1
    }
  }

  /** Takes no new message and waits for the running ones. */
  async stop(): Promise<void> {
    this.stopping = true
    await Promise.all([this.pool?.gracefulShutdown(), ...this.leaving])
  }

  /**
   * A worker that could not report the end of its job (the database was away) ends for good. Its job stays locked by an
   * id that no instance names any more, so it is taken back as if the process had died. All workers are replaced together,
   * once the database is back: a pool holds a connection for its notifications, so one for each lost worker would use
   * them up.
   */
  private async replace(pool: WorkerPool, ids: readonly string[]): Promise<void> {
    if (this.replacing === pool || this.pool !== pool) return
    this.replacing = pool
    await this.databaseIsBack()
    if (this.stopping) return
    this.start()
    const left = pool
      .gracefulShutdown()
      .catch(() => undefined)
      .finally(() => {
        ids.forEach((id) => this.workerIds.delete(id))
        this.leaving.delete(left)
      })
    this.leaving.add(left)
  }

  private async databaseIsBack(): Promise<void> {
    while (!this.stopping) {
      const answers = await this.pgPool.query('select 1').then(
        () => true,
        () => false
      )
      if (answers) return
      await new Promise((resolve) => realTimers().setTimeout(resolve, LOOK_EVERY_MS))
    }
  }

  private newPool(events: WorkerEvents): WorkerPool {
    return runTaskList(
      {
        schema: queueSchema(this.name),
        concurrency: this.slots,
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
  }
}

const messageOf = (payload: unknown, job: Job): HandoffMessage => (payload ?? job.payload) as HandoffMessage
