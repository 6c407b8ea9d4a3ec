import { randomUUID } from 'node:crypto'
import { Injectable, Logger } from '@nestjs/common'
import { Client } from 'pg'
import { realTimers } from '../../clock/clock-control'
import { HandoffSettings } from './handoff-options'
import type { NamedQueue } from './named-queue'
import { QUEUES, wakeChannel } from './queue-names'
import { CANCEL_CHANNEL, QueueStore } from './queue-store'
import { RunningRuns } from './running-runs'

/** Long enough to cost nothing, short enough that a delayed message is not much later than asked for. */
const MAX_BEAT_MS = 2_000

/**
 * What the instances tell each other, all of it in real time: that they live, that there is work, that a run is to be
 * cancelled. Takes back the jobs of those that no longer live.
 */
@Injectable()
export class InstanceWatch {
  private readonly logger = new Logger('Handoff')
  private readonly id = randomUUID()
  private readonly beatMs: number
  private queues: NamedQueue[] = []
  private timer?: NodeJS.Timeout
  private listener?: Client
  private stopping = false

  constructor(
    private readonly settings: HandoffSettings,
    private readonly store: QueueStore,
    private readonly runs: RunningRuns
  ) {
    this.beatMs = Math.min(MAX_BEAT_MS, Math.ceil(settings.stalledAfterMs / 4))
  }

  async start(queues: NamedQueue[]): Promise<void> {
    this.queues = queues
    await this.listen()
    this.schedule()
  }

  async stop(): Promise<void> {
    this.stopping = true
    realTimers().clearTimeout(this.timer)
    await this.listener?.end().catch(() => undefined)
    await this.store.forget(this.id).catch(() => undefined)
  }

  /** One round: the heartbeat, the jobs of dead instances, the jobs whose time has come. */
  async beat(): Promise<void> {
    const workerIds = this.queues.flatMap((queue) => queue.ids())
    await this.store.heartbeat({ id: this.id, name: this.settings.instance, workerIds })
    const unlocked = await this.store.unlockStalled(this.settings.stalledAfterMs)
    if (unlocked > 0) this.logger.warn(`${unlocked} messages of dead instances are processed again`)
    await this.store.wakeForDueJobs()
  }

  private schedule(): void {
    this.timer = realTimers().setTimeout(async () => {
      try {
        if (!this.listener) await this.listen()
        await this.beat()
      } catch (error) {
        this.logger.warn(`heartbeat failed: ${error instanceof Error ? error.message : String(error)}`)
      }
      if (!this.stopping) this.schedule()
    }, this.beatMs)
  }

  private async listen(): Promise<void> {
    const client = new Client({ connectionString: this.settings.databaseUrl })
    client.on('error', () => {
      if (this.listener === client) this.listener = undefined
      client.end().catch(() => undefined)
    })
    client.on('notification', ({ channel, payload }) => this.heard(channel, payload ?? ''))
    await client.connect()
    for (const channel of [CANCEL_CHANNEL, ...QUEUES.map(wakeChannel)]) await client.query(`listen ${channel}`)
    this.listener = client
  }

  private heard(channel: string, payload: string): void {
    if (this.stopping) return
    if (channel === CANCEL_CHANNEL) return this.runs.cancel(JSON.parse(payload))
    this.queues.find((queue) => wakeChannel(queue.name) === channel)?.wake(Number(payload) || 1)
  }
}
