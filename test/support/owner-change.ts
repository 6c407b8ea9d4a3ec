import { XpertHost } from '../../playground/xpert-host/client'
import { longestGap } from './connection-gaps'
import { eventually } from './eventually'
import { SteadyTalk } from './steady-talk'
import { TalkTally } from './talk-tally'
import { Bot, World } from './world'

/** Twice the lease. */
const PAUSE_MS = 60_000

export interface OwnerChangeReport extends TalkTally {
  /** Of the app's longest time without a connection of a process that runs. */
  gapMs: number
  connectionsAtTheEnd: number
}

export interface OwnerChangeOptions {
  perSecond: number
  /** Messages before, between and after the steps. */
  messages: number
  /** Ends the lease of an owner that is killed or paused by hand; else it is waited for. */
  isLeaseCut: boolean
  /** How many of the hosts a rolling restart replaces; all of them by default. */
  replaced?: number
}

/** Two hosts, of which the first holds the connection, and people who write all the time; then something happens to it. */
export class OwnerChange {
  /** The paused owner's connection, and Lark's time from which nobody reads it. */
  private unread?: { connectionId: string; from: number }

  private constructor(
    private readonly world: World,
    private readonly bot: Bot,
    private readonly talk: SteadyTalk,
    private readonly options: OwnerChangeOptions,
    /** Lark's time from which the bot was connected. */
    private readonly connectedAt: number
  ) {}

  static async run(
    how: 'killed' | 'paused' | 'rolled',
    options: OwnerChangeOptions,
    instances = 2
  ): Promise<OwnerChangeReport> {
    const world = await World.create()
    try {
      const owner = await world.startHost({ instance: 'host-1', stalledAfterMs: 2_000 })
      const bot = await world.hire('long_connection', SteadyTalk.ANSWER, { trigger: { runIdleTimeoutSeconds: 60 } })
      const { now } = await world.lark.clock()
      for (let index = 2; index <= instances; index += 1) {
        await world.startHost({ instance: `host-${index}`, stalledAfterMs: 2_000 })
      }
      const change = new OwnerChange(world, bot, new SteadyTalk(world, bot, options.perSecond), options, now)
      await change.talk.more(options.messages)
      await change[how](owner)
      await change.talk.more(options.messages)
      return await change.report()
    } finally {
      await world.end()
    }
  }

  private async killed(owner: XpertHost): Promise<void> {
    await owner.kill('SIGKILL')
    await this.cutLease()
    await this.takenOver()
  }

  /** Its socket stays open meanwhile, and Lark goes on to send to it. */
  private async paused(owner: XpertHost): Promise<void> {
    const [former] = await this.world.lark.connections(this.bot.app.appId)
    if (!former) throw new Error('the owner is not connected')
    await owner.kill('SIGSTOP')
    this.unread = { connectionId: former.connectionId, from: (await this.world.lark.clock()).now }
    await this.cutLease()
    await this.world.lark.waitForConnections(this.bot.app.appId, 2, 60_000)
    await this.talk.more(this.options.messages)
    if (!this.options.isLeaseCut) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    await owner.kill('SIGCONT')
    await eventually('the stale owner has closed its socket', async () => {
      const open = await this.world.lark.connections(this.bot.app.appId)
      return open.length === 1 && open[0]?.connectionId !== former.connectionId
    })
  }

  /** One host after the other is replaced, as a deployment does it. */
  private async rolled(): Promise<void> {
    for (const [index, host] of [...this.world.everyHost].slice(0, this.options.replaced).entries()) {
      await this.world.startHost({ instance: `next-${index + 1}`, stalledAfterMs: 2_000 })
      await host.stop()
      await this.takenOver()
      await this.talk.more(this.options.messages)
    }
  }

  private async takenOver(): Promise<void> {
    await eventually(
      'a living owner is connected',
      async () => {
        const rows = await this.world.database.query(
          `SELECT 1 FROM plugin_lark_connection WHERE state = 'connected' AND lease_expires_at > now()`
        )
        const open = await this.world.lark.connections(this.bot.app.appId)
        return rows.length === 1 && open.length === 1
      },
      60_000
    )
  }

  private async cutLease(): Promise<void> {
    if (!this.options.isLeaseCut) return
    await this.world.database.query(`UPDATE plugin_lark_connection SET lease_expires_at = now() - interval '1 second'`)
  }

  private async report(): Promise<OwnerChangeReport> {
    const { lark } = this.world
    const { appId } = this.bot.app
    // Before the talk ends: then Lark's clock goes up its ladder.
    const { now } = await lark.clock()
    const spans = (await lark.connectionHistory(appId)).map((span) => {
      const isUnread = span.connectionId === this.unread?.connectionId
      return isUnread ? { ...span, closedAt: this.unread!.from } : span
    })
    const gapMs = longestGap(spans, this.connectedAt, now)
    const connectionsAtTheEnd = (await lark.connections(appId)).length
    return { ...(await this.talk.end()), gapMs, connectionsAtTheEnd }
  }
}
