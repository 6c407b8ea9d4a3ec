import { Pool } from 'pg'
import type { LarkSimulator, PressResult, SeenMessage } from '../../lark-simulator/client'
import type { XpertHost } from '../../xpert-host/client'
import type { Session } from '../employ'
import { outcomeRows, type OutcomeRow } from '../outcome'
import type { Servers } from '../servers'
import { assemble, found, type Actor, type Cast } from './cast'
import type { Scenario } from './scenario'
import { Watch } from './watch'

/** A message that a person sent. */
export interface Sent {
  id?: string
  /** `steps/3/say` */
  at: string
  by: string
  to: string
  text: string
  messageId: string
  chatId: string
  /** Of `performance.now()`. */
  sentAt: number
}

export interface Pressed {
  answerTo: string
  result: PressResult
}

export interface Outcome {
  state: string
  reason: string | null
}

const SETTLED_WITHIN_MS = 1_000

/** Where a scenario is played: the servers, who is there, and what was said so far. */
export class Stage {
  readonly sent: Sent[] = []
  readonly presses = new Map<string, Pressed>()
  private loggedIn?: { host: XpertHost; session: Session }

  private constructor(
    readonly servers: Servers,
    readonly cast: Cast,
    readonly watch: Watch,
    readonly scenario: Scenario,
    private readonly pool: Pool
  ) {}

  static async open(scenario: Scenario, servers: Servers): Promise<Stage> {
    const cast = await assemble(scenario, servers)
    const watch = await Watch.open(servers.simulator.url, cast.bots.keys())
    const pool = new Pool({ connectionString: servers.databaseUrl, max: 2 })
    // The next query says what matters of a connection that broke.
    pool.on('error', () => undefined)
    return new Stage(servers, cast, watch, scenario, pool)
  }

  async close(): Promise<void> {
    this.watch.close()
    await this.pool.end()
  }

  get simulator(): LarkSimulator {
    return this.servers.simulator
  }

  /** An administrator at the host that runs now. */
  get session(): Session {
    const { host } = this.servers
    if (this.loggedIn?.host !== host) this.loggedIn = { host, session: host.login('admin') }
    return this.loggedIn.session
  }

  message(id: string): Sent {
    const one = this.sent.find((sent) => sent.id === id)
    if (!one) throw new Error(`no message "${id}" was sent`)
    return one
  }

  bot(name: string): Actor {
    return found(this.cast.bots, name)
  }

  /** The bots that hear what is said there. */
  botsIn(to: string): Actor[] {
    const group = this.scenario.groups.find(({ name }) => name === to)
    return (group?.bots ?? [to]).map((name) => this.bot(name))
  }

  /** What was answered to it and is still there, oldest first. */
  async answersTo({ chatId, messageId }: Sent): Promise<SeenMessage[]> {
    const messages = await this.simulator.read(chatId)
    return messages.filter(({ fromBot, replyTo, recalled }) => fromBot && replyTo === messageId && !recalled)
  }

  /** One per bot that heard it. */
  async outcomes(messageId: string): Promise<Outcome[]> {
    const { rows } = await this.pool.query<Outcome>(
      `SELECT state, reason FROM plugin_lark_inbound_event WHERE message_id = $1 AND dedup_key LIKE 'message:%'`,
      [messageId]
    )
    return rows
  }

  rows(messageId: string): Promise<OutcomeRow[]> {
    return outcomeRows(this.servers.databaseUrl, messageId)
  }

  /** Nothing is under way: no delivery, no call, no run, and no message that was said here waits to be handled. */
  async isQuiet(): Promise<boolean> {
    const { rows } = await this.pool.query(
      `SELECT 1 FROM plugin_lark_inbound_event WHERE message_id = ANY($1) AND state IN ('received', 'claimed') LIMIT 1`,
      [this.sent.map(({ messageId }) => messageId)]
    )
    if (rows.length > 0) return false
    const queues = await this.session.queue()
    if (queues.some(({ waiting, running }) => waiting + running > 0)) return false
    return this.simulator.settled(SETTLED_WITHIN_MS, { ignoreRetries: true }).then(
      () => true,
      () => false
    )
  }
}
