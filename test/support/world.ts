import { LarkSimulator, SimApp, SimAppPatch, SimUser, Transport } from '../../playground/lark-simulator/client'
import { ExpertScript, HostOptions, Session, XpertHost } from '../../playground/xpert-host/client'
import { SeededTenant } from '../../playground/xpert-host/seed'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, TestDatabase } from './database'
import { eventually } from './eventually'

/** A bot that answers: an app in Lark, its integration, and the expert that is published on it. */
export interface Bot {
  app: SimApp
  integrationId: string
  expertId: string
}

export interface InboxRow {
  id: string
  state: string
  reason: string | null
  payload: string | null
  turn_id: string | null
}

/** Everything that one answer needs, real: a Lark simulator, PostgreSQL, and hosts that load the built plugin. */
export class World {
  private readonly hosts: XpertHost[] = []

  private constructor(
    readonly lark: LarkSimulator,
    readonly database: TestDatabase,
    private readonly tenant: SeededTenant,
    /** Where the experts' files are. */
    readonly workspaceDir: string
  ) {}

  /** `tenant`: whose plugin and admin it is; `postgresUrl`: another server than the run's own. */
  static async create(tenant: SeededTenant = 'default', postgresUrl?: string): Promise<World> {
    const [lark, database] = await Promise.all([LarkSimulator.spawn(), createTestDatabase(undefined, postgresUrl)])
    return new World(lark, database, tenant, await mkdtemp(join(tmpdir(), 'lark-workspace-')))
  }

  /** The last one that runs. */
  get host(): XpertHost {
    const host = this.hosts.findLast(({ isRunning }) => isRunning) ?? this.hosts.at(-1)
    if (!host) throw new Error('no host was started')
    return host
  }

  /** All that were started, those that are gone too. */
  get everyHost(): readonly XpertHost[] {
    return this.hosts
  }

  get admin(): Session {
    return this.host.login('admin', { tenant: this.tenant })
  }

  async startHost(options: Partial<HostOptions> = {}): Promise<XpertHost> {
    const host = await XpertHost.spawn({
      databaseUrl: this.database.url,
      workspaceDir: this.workspaceDir,
      pluginConfig: { endpoints: { feishu: this.lark.url, lark: this.lark.url } },
      ...options,
      env: { PLUGIN_TENANT: this.tenant, ...options.env }
    })
    this.hosts.push(host)
    return host
  }

  /** An app whose integration is saved and whose expert is published, receiving over `transport`. `scopes`: beyond the usual five. */
  async hire(
    transport: Transport,
    script: ExpertScript,
    options: { encryptKey?: string; trigger?: Record<string, unknown>; scopes?: readonly string[] } = {}
  ): Promise<Bot> {
    const app = await this.lark.createApp({
      transport,
      name: 'Ada',
      ...(options.encryptKey === undefined ? {} : { encryptKey: options.encryptKey })
    })
    if (options.scopes) await this.lark.updateApp(app.appId, { scopes: [...app.scopes, ...options.scopes] })
    const integration = await this.admin.createIntegration({
      name: `Ada over ${transport}`,
      options: {
        appId: app.appId,
        appSecret: app.appSecret,
        connectionMode: transport,
        verificationToken: app.verificationToken,
        encryptKey: app.encryptKey
      }
    })
    const expert = await this.admin.createExpert({ name: 'Ada', script })
    const config = { integrationId: integration.id, ...options.trigger }
    const published = await this.admin.publish(expert.id, { provider: 'lark', config })
    if (published.status >= 300) throw new Error(`not published: ${JSON.stringify(published.body)}`)
    const bot = { app, integrationId: integration.id, expertId: expert.id }
    await this.connect(bot)
    return bot
  }

  /** Lets Lark reach the bot: by the webhook of the current host, or by waiting for the long connection. */
  async connect({ app, integrationId }: Bot): Promise<void> {
    if (app.transport === 'webhook') {
      await this.lark.updateApp(app.appId, { webhookUrl: `${this.host.url}/api/lark/webhook/${integrationId}` })
    } else {
      await this.lark.waitForConnections(app.appId, 1, 60_000)
    }
  }

  person(name = 'Mei'): Promise<SimUser> {
    return this.lark.createUser({ name })
  }

  async row(messageId: string): Promise<InboxRow | undefined> {
    const rows = await this.rows(messageId)
    return rows[0]
  }

  /** With the bot's app otherwise in Lark, for as long as `work` takes. */
  async during<T>({ app: { appId } }: Bot, patch: SimAppPatch, work: () => Promise<T>): Promise<T> {
    const before = (await this.lark.apps()).find((app) => app.appId === appId)!
    await this.lark.updateApp(appId, patch)
    try {
      return await work()
    } finally {
      await this.lark.updateApp(appId, before)
    }
  }

  /** Moves the clocks of Lark and of every host that runs. */
  async advance(advanceMs: number): Promise<void> {
    // What Lark sends at its new time must not be in a host's work when its clock jumps: the time for it would be over.
    await Promise.all(this.hosts.filter(({ isRunning }) => isRunning).map((host) => host.changeClock({ advanceMs })))
    await this.lark.changeClock({ advanceMs })
  }

  /** Waits until a message has this outcome; fails with what its row says instead. */
  ended(messageId: string, state: string, reason: string): Promise<unknown> {
    return eventually(
      `${state}: ${reason}`,
      async () => {
        const row = await this.row(messageId)
        if (row?.state === state && row.reason === reason) return true
        throw new Error(`${row?.state}: ${row?.reason}`)
      },
      60_000
    )
  }

  rows(messageId: string): Promise<InboxRow[]> {
    return this.database.query<InboxRow>(
      `SELECT id, state, reason, payload, turn_id FROM plugin_lark_inbound_event WHERE message_id = $1 AND dedup_key LIKE 'message:%'`,
      [messageId]
    )
  }

  /** Stops what was started; a host that has been killed stays so. */
  async end(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.stop()))
    await this.lark.stop()
    await this.database.drop()
    await rm(this.workspaceDir, { recursive: true, force: true })
  }
}
