import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { LarkSimulator, SimApp } from '../../playground/lark-simulator/client'
import { clusterEntities, InstanceIdentity, InstanceRegistry, PluginConfigReader } from '../../src/cluster'
import { IntegrationRows } from '../../src/host'
import { Inbox, inboxEntities, InboxRepository, NewInboundEvent } from '../../src/inbox'
import { AcceptQueue } from '../../src/inbox/accept-queue'
import { AppInspections, CardAction, CardActionResponder, CardResponse, LongConnectionClients } from '../../src/lark'
import { CallCounts } from '../../src/lark/call-counts'
import { LarkClientFactory } from '../../src/lark/lark-client.factory'
import { RateGovernor } from '../../src/lark/rate-governor'
import {
  ConnectionControl,
  ConnectionManager,
  ConnectionStatus,
  ConnectionStatuses,
  longConnectionEntities
} from '../../src/long-connection'
import { Scope } from '../../src/long-connection/app-decision'
import { ConnectionLeases } from '../../src/long-connection/connection-lease'
import { ConnectionSurroundings } from '../../src/long-connection/connection-manager'
import { EventIntake } from '../../src/long-connection/event-intake'
import { HeldConnections } from '../../src/long-connection/held-connections'
import { KnownIntegrations } from '../../src/long-connection/known-integrations'
import { SecretChecks } from '../../src/long-connection/secret-checks'
import { EventTarget, IntegrationLookUp, IntegrationReader, LarkIntegration, parseSettings } from '../../src/settings'
import { SystemClock } from '../../src/shared'
import { createTestDatabase, TestDatabase } from './database'
import { eventually } from './eventually'

/** Stores, and has no worker. */
class StoringInbox extends Inbox {
  isDown = false

  private readonly queue: AcceptQueue

  constructor(repository: InboxRepository) {
    super()
    this.queue = new AcceptQueue((events) => repository.insertAll(events))
  }

  async accept(event: NewInboundEvent): Promise<'accepted' | 'duplicate'> {
    if (this.isDown) throw new Error('the database is away')
    return (await this.queue.accept({ event, receivedAt: new Date() })) ? 'accepted' : 'duplicate'
  }
}

/** The bindings, as the test says they are. */
class TestTarget extends EventTarget {
  constructor(private readonly bound: ReadonlySet<string>) {
    super()
  }

  pick(candidates: readonly LarkIntegration[]): LarkIntegration {
    const first = this.published(candidates)[0] ?? candidates[0]
    if (!first) throw new Error('no candidate')
    return first
  }

  published(candidates: readonly LarkIntegration[]): LarkIntegration[] {
    return candidates.filter(({ id }) => this.bound.has(id))
  }

  async refresh(): Promise<void> {}
}

class ToastResponder extends CardActionResponder {
  async respond(action: CardAction): Promise<CardResponse> {
    return { toast: { type: 'success', content: `heard ${String(action.value['choice'])}` } }
  }
}

/** The host's integrations, as the test says they are. */
class TestReader extends IntegrationReader {
  readonly integrations = new Map<string, LarkIntegration>()
  isDown = false

  async lookUp(id: string): Promise<IntegrationLookUp> {
    const integration = this.isDown ? undefined : this.integrations.get(id)
    return integration ? { integration } : 'unavailable'
  }

  drop(): void {}
}

/** The list of integrations, which the test can make lie: the rows themselves stay. */
export class TestRows extends IntegrationRows {
  hides: (id: string) => boolean = () => false

  override async list() {
    return (await super.list()).filter(({ id }) => !this.hides(id))
  }
}

export interface Instance {
  id: string
  manager: ConnectionManager
  inbox: StoringInbox
  rows: TestRows
  dataSource: DataSource
}

/** Long connections alone, real: a simulator, PostgreSQL, and one or more instances of this process, each on a pool of its own. */
export class ConnectionWorld {
  readonly reader = new TestReader()
  readonly bound = new Set<string>()
  readonly statuses: ConnectionStatuses
  readonly control: ConnectionControl
  private readonly stops: (() => Promise<void>)[] = []

  private constructor(
    readonly lark: LarkSimulator,
    readonly database: TestDatabase,
    private readonly dataSource: DataSource
  ) {
    this.statuses = new ConnectionStatuses(dataSource)
    this.control = new ConnectionControl(dataSource)
  }

  static async create(): Promise<ConnectionWorld> {
    const [lark, database] = await Promise.all([LarkSimulator.spawn(), createTestDatabase()])
    await database.query(
      `CREATE TABLE integration (id uuid PRIMARY KEY, provider text, "tenantId" uuid, "organizationId" uuid, "updatedAt" timestamptz)`
    )
    return new ConnectionWorld(lark, database, await connect(database.url, true))
  }

  /** @param url another way to the database */
  async startInstance(url = this.database.url): Promise<Instance> {
    const dataSource = await connect(url)
    const identity = new InstanceIdentity()
    const clock = new SystemClock()
    const config = new PluginConfigReader(() => ({ endpoints: { feishu: this.lark.url, lark: this.lark.url } }))
    const inbox = new StoringInbox(new InboxRepository(dataSource))
    const target = new TestTarget(this.bound)
    const registry = new InstanceRegistry(dataSource, identity)
    const governor = new RateGovernor(registry)
    const inspections = new AppInspections(new LarkClientFactory(config), governor, new CallCounts(registry), clock)
    const checks = new SecretChecks(inspections, clock)
    const leases = new ConnectionLeases(dataSource, identity)
    const rows = new TestRows(dataSource)
    const intake = new EventIntake(inbox, target, new ToastResponder(), clock)
    const held = new HeldConnections(leases, new LongConnectionClients(config), intake, checks, inspections, clock)
    const known = new KnownIntegrations(rows, this.reader)
    const around = new ConnectionSurroundings(known, target, checks, registry, identity, clock)
    const manager = new ConnectionManager(around, leases, held)
    await registry.start()
    await manager.start()
    this.stops.push(async () => {
      await Promise.all([registry.stop(), manager.stop()])
      await dataSource.destroy()
    })
    return { id: identity.id, manager, inbox, rows, dataSource }
  }

  async save(
    options: object,
    scope: Scope = newScope(),
    id: string = randomUUID()
  ): Promise<{ id: string; scope: Scope }> {
    this.reader.integrations.set(id, { id, name: 'it', ...scope, settings: parseSettings(options) })
    await this.database.query(
      `INSERT INTO integration (id, provider, "tenantId", "organizationId", "updatedAt") VALUES ($1, 'lark', $2, $3, now())`,
      [id, scope.tenantId, scope.organizationId]
    )
    return { id, scope }
  }

  async change(id: string, options: object): Promise<void> {
    const integration = this.integration(id)
    this.reader.integrations.set(id, { ...integration, settings: parseSettings(options) })
    await this.database.query(`UPDATE integration SET "updatedAt" = clock_timestamp() WHERE id = $1`, [id])
  }

  async remove(id: string): Promise<void> {
    await this.database.query(`DELETE FROM integration WHERE id = $1`, [id])
  }

  integration(id: string): LarkIntegration {
    const integration = this.reader.integrations.get(id)
    if (!integration) throw new Error('no such integration')
    return integration
  }

  /** As those see it whose app it is. */
  async status({ appId }: SimApp): Promise<ConnectionStatus | null> {
    const [owner] = await this.database.query<{ tenantId: string; organizationId: string | null }>(
      `SELECT tenant_id AS "tenantId", organization_id AS "organizationId" FROM plugin_lark_connection WHERE app_key = $1`,
      [`feishu:${appId}`]
    )
    return owner ? this.statuses.seenBy(`feishu:${appId}`, owner) : null
  }

  /** Waits until the app's status is such, and returns it. */
  until(app: SimApp, wanted: Partial<ConnectionStatus>, withinMs?: number): Promise<ConnectionStatus> {
    const isSuch = (found: ConnectionStatus) =>
      Object.entries(wanted).every(([key, value]) => Reflect.get(found, key) === value)
    const look = async () => {
      const found = await this.status(app)
      if (found && isSuch(found)) return found
      throw new Error(JSON.stringify(found))
    }
    return eventually(`the status is ${JSON.stringify(wanted)}`, look, withinMs)
  }

  async stopInstances(): Promise<void> {
    await Promise.all(this.stops.splice(0).map((stop) => stop()))
  }

  /** Nothing of the test before is left. */
  async reset(): Promise<void> {
    await this.stopInstances()
    await this.lark.clearFaults()
    await this.lark.cancelRetries()
    this.reader.integrations.clear()
    this.reader.isDown = false
    this.bound.clear()
    await this.database.query(
      'TRUNCATE integration, plugin_lark_connection, plugin_lark_inbound_event, plugin_lark_instance'
    )
  }

  async end(): Promise<void> {
    await this.stopInstances()
    await this.dataSource.destroy()
    await this.database.drop()
    await this.lark.stop()
  }
}

export const newScope = (): Scope => ({ tenantId: randomUUID(), organizationId: randomUUID() })

export const longConnectionTo = ({ appId, appSecret }: SimApp) => ({
  appId,
  appSecret,
  connectionMode: 'long_connection'
})

const connect = (url: string, synchronize = false): Promise<DataSource> =>
  new DataSource({
    type: 'postgres',
    url,
    entities: [...longConnectionEntities, ...inboxEntities, ...clusterEntities],
    synchronize
  }).initialize()
