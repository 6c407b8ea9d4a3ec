import { Clock, Log, RoundLoop } from '../shared'
import { PluginConfigReader } from './plugin-config'
import { SingletonJobs } from './singleton-jobs'

const EVERY_SECONDS = 3_600
const LOOK_MS = 10 * 60_000

/** Small enough that no statement stands in the way of an accept. */
const BATCH = 500

const DAY_MS = 24 * 60 * 60_000

export interface RetentionLimits {
  /** What ended before loses what a person wrote or read. */
  payloadsBefore: Date
  /** What ended before is deleted. */
  rowsBefore: Date
}

/** Works on at most `limit` rows; answers how many they were. */
export type RetentionStep = (limits: RetentionLimits, limit: number) => Promise<number>

/** What one room does not keep for ever: done in small batches, once an hour, by one instance at a time. */
export class RetentionJob {
  private readonly rounds: RoundLoop
  private isStopped = false

  /** @param steps by the name under which the log counts their rows, in their order */
  constructor(
    private readonly name: string,
    private readonly steps: Readonly<Record<string, RetentionStep>>,
    private readonly jobs: SingletonJobs,
    private readonly config: PluginConfigReader,
    private readonly clock: Clock,
    private readonly log: Log
  ) {
    this.rounds = new RoundLoop(() => this.run(), LOOK_MS, log, name)
  }

  start(): void {
    this.rounds.start()
  }

  async stop(): Promise<void> {
    this.isStopped = true
    await this.rounds.stop()
  }

  /** Does the job if it is due and nobody else does it. */
  async run(): Promise<void> {
    const lease = await this.jobs.take(this.name, EVERY_SECONDS)
    if (!lease) return
    let done = false
    try {
      const counts = await this.work(() => this.jobs.isMine(lease))
      done = !this.isStopped
      if (Object.values(counts).some((count) => count > 0)) this.log.info('retention', counts)
    } finally {
      await this.jobs.giveBack(lease, done)
    }
  }

  private async work(isMine: () => Promise<boolean>): Promise<Record<string, number>> {
    const { payloadDays, rowDays } = this.config.read().retention
    const now = this.clock.now().getTime()
    const limits = {
      payloadsBefore: new Date(now - payloadDays * DAY_MS),
      rowsBefore: new Date(now - rowDays * DAY_MS)
    }
    const counts: Record<string, number> = {}
    for (const [name, step] of Object.entries(this.steps)) {
      let total = 0
      for (;;) {
        const count = await step(limits, BATCH)
        total += count
        if (count < BATCH || this.isStopped || !(await isMine())) break
      }
      counts[name] = total
    }
    return counts
  }
}
