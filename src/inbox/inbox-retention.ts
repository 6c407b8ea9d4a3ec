import { Injectable } from '@nestjs/common'
import { PluginConfigReader, SingletonJobs } from '../cluster'
import { Clock, Log, within } from '../shared'
import { InboxRepository } from './inbox.repository'

const JOB = 'inbox-retention'
const EVERY_SECONDS = 3_600
const LOOK_MS = 10 * 60_000

/** Small enough that no statement stands in the way of an accept. */
const BATCH = 500

/** The host leaves a stopping plugin about 6 s (host-observed 34). */
const STOP_MS = 5_000

const DAY_MS = 24 * 60 * 60_000

/** Scrubs old payloads and deletes old rows, in small batches, one instance at a time. */
@Injectable()
export class InboxRetention {
  private readonly log = new Log('inbox')
  private timer: NodeJS.Timeout | undefined
  private round: Promise<void> | undefined
  private isStopped = false

  constructor(
    private readonly repository: InboxRepository,
    private readonly jobs: SingletonJobs,
    private readonly config: PluginConfigReader,
    private readonly clock: Clock
  ) {}

  start(): void {
    if (this.timer) return
    this.timer = setInterval(() => this.look(), LOOK_MS)
    this.timer.unref()
    this.look()
  }

  async stop(): Promise<void> {
    this.isStopped = true
    clearInterval(this.timer)
    this.timer = undefined
    if (this.round) await within(STOP_MS, this.round)
  }

  private look(): void {
    this.round ??= this.run()
      .catch((error: unknown) => this.log.warn('retention will be tried again', {}, error))
      .finally(() => {
        this.round = undefined
      })
  }

  /** Does the job if it is due and nobody else does it. */
  async run(): Promise<void> {
    const lease = await this.jobs.take(JOB, EVERY_SECONDS)
    if (!lease) return
    const { payloadDays, rowDays } = this.config.read().retention
    const now = this.clock.now().getTime()
    const payloadsBefore = new Date(now - payloadDays * DAY_MS)
    const rowsBefore = new Date(now - rowDays * DAY_MS)
    const isMine = (): Promise<boolean> => this.jobs.isMine(lease)
    let done = false
    try {
      const scrubbed = await this.batches(isMine, () => this.repository.scrub(payloadsBefore, BATCH))
      const deleted = await this.batches(isMine, () => this.repository.deleteOld(rowsBefore, BATCH))
      done = !this.isStopped
      if (scrubbed + deleted > 0) this.log.info('retention', { scrubbed, deleted })
    } finally {
      await this.jobs.giveBack(lease, done)
    }
  }

  private async batches(isMine: () => Promise<boolean>, work: () => Promise<number>): Promise<number> {
    let total = 0
    for (;;) {
      const count = await work()
      total += count
      if (count < BATCH || this.isStopped || !(await isMine())) return total
    }
  }
}
