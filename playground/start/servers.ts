import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { LarkSimulator } from '../lark-simulator/client'
import { startPostgres } from '../postgres'
import { createDatabase, dropDatabase } from '../postgres/databases'
import { XpertHost } from '../xpert-host/client'

export interface ServerOptions {
  /** Absolute path of an existing folder. */
  folder: string
  /** true: nothing survives; on a given DATABASE_URL a database of its own is made and dropped. */
  throwAway: boolean
  /** Left out: a simulated Lark. Else the real one, whose base URL may be another (a gateway, or a test's). */
  realLark?: { baseUrl?: string }
  /** What the host has to wait for beside its database and its Lark: the build of the plugin. */
  built?: Promise<void>
}

const TAIL_LINES = 40
/** So that a run whose host was killed is soon taken up by the next; a host that goes on is slower to be given up. */
const THROW_AWAY_STALLED_MS = 5_000
/** Nest names every route and module at the start; nobody looks for a fault there. */
const CHATTER = /\[(RouterExplorer|RoutesResolver|InstanceLoader)\]/

/** PostgreSQL, simulator and host, started together and stopped in the opposite order. */
export class Servers {
  databaseUrl = ''
  private simulatorServer?: LarkSimulator
  private hostServer?: XpertHost
  private advancedMs = 0
  private readonly stops: (() => Promise<unknown>)[] = []
  private readonly log: WriteStream
  private readonly tail: string[] = []
  private stopping?: Promise<void>
  private fail: (error: Error) => void = () => undefined
  /** Rejects when the host ends without having been asked to. */
  readonly failed = new Promise<never>((_resolve, reject) => (this.fail = reject))

  constructor(private readonly options: ServerOptions) {
    this.log = createWriteStream(join(options.folder, 'host.log'))
    // Nobody may be listening yet, or any more.
    this.failed.catch(() => undefined)
  }

  get simulator(): LarkSimulator {
    if (!this.simulatorServer) throw new Error('the simulator has not been started')
    return this.simulatorServer
  }

  get host(): XpertHost {
    if (!this.hostServer) throw new Error('the host has not been started')
    return this.hostServer
  }

  /** The last lines of the host's log. */
  get hostLog(): readonly string[] {
    return this.tail
  }

  async start(): Promise<void> {
    const { realLark, built } = this.options
    await Promise.all([this.startDatabase(), realLark ? undefined : this.startSimulator(), built])
    await this.startHost()
  }

  /** Ends the host as a deployment does, or by SIGKILL, and starts the next one, at another URL, on the same database. */
  async restartHost({ kill = false }: { kill?: boolean } = {}): Promise<void> {
    const former = this.host
    this.hostServer = undefined
    await (kill ? former.kill('SIGKILL') : former.stop())
    await this.startHost()
  }

  private async startHost(): Promise<void> {
    const { throwAway, realLark } = this.options
    const host = await XpertHost.spawn({
      databaseUrl: this.databaseUrl,
      pluginConfig: this.pluginConfig(),
      // From its first moment: a run that it takes up at once would see a later jump as a long silence.
      clock: this.advancedMs > 0 ? { now: Date.now() + this.advancedMs } : undefined,
      stalledAfterMs: throwAway && !realLark ? THROW_AWAY_STALLED_MS : undefined,
      onLog: (line) => this.keep(line)
    })
    this.stops.push(() => host.stop())
    this.hostServer = host
    void this.watchHost(host)
  }

  /** Moves the clocks of simulator and host, and of hosts to come. */
  async advance(ms: number): Promise<void> {
    this.advancedMs += ms
    // What Lark sends at its new time must not be in the host's work when its clock jumps: the time for it would be over.
    await this.host.changeClock({ advanceMs: ms })
    await this.simulator.changeClock({ advanceMs: ms })
  }

  private pluginConfig(): Record<string, unknown> {
    const { realLark } = this.options
    const baseUrl = realLark ? realLark.baseUrl : this.simulator.url
    return baseUrl ? { endpoints: { feishu: baseUrl, lark: baseUrl } } : {}
  }

  private async watchHost(host: XpertHost): Promise<void> {
    const { code, signal } = await host.exited
    if (!this.stopping && host === this.hostServer)
      this.fail(new Error(`The host ended by itself (${signal ?? code}).\n${this.tail.join('\n')}`))
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopAll()
    return this.stopping
  }

  private async stopAll(): Promise<void> {
    for (const stop of this.stops.reverse()) await stop()
    await new Promise<void>((done) => this.log.end(done))
  }

  private async startDatabase(): Promise<void> {
    const { folder, throwAway } = this.options
    const postgres = await startPostgres({ folder: join(folder, 'postgres'), durable: !throwAway })
    this.stops.push(() => postgres.stop())
    this.databaseUrl = postgres.url
    if (!postgres.external || !throwAway) return
    this.databaseUrl = await createDatabase(postgres.url, undefined, 'plugin_lark_say')
    this.stops.push(() => dropDatabase(postgres.url, this.databaseUrl))
  }

  private async startSimulator(): Promise<void> {
    this.simulatorServer = await LarkSimulator.spawn()
    this.stops.push(() => this.simulator.stop())
  }

  private keep(line: string): void {
    this.log.write(`${line}\n`)
    if (CHATTER.test(line)) return
    this.tail.push(line)
    if (this.tail.length > TAIL_LINES) this.tail.shift()
  }
}
