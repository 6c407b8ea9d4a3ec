import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { LarkSimulator, SimApp } from '../../playground/lark-simulator/client'
import { InstanceIdentity, PluginConfigReader } from '../../src/cluster'
import { IntegrationRows } from '../../src/host'
import { Inbox, inboxEntities, InboxRepository, NewInboundEvent } from '../../src/inbox'
import { CardAction, CardActionResponder, CardResponse, LongConnectionClients } from '../../src/lark'
import {
  ConnectionManager,
  ConnectionStatus,
  ConnectionStatuses,
  longConnectionEntities
} from '../../src/long-connection'
import { ConnectionLeases } from '../../src/long-connection/connection-lease'
import { EventIntake } from '../../src/long-connection/event-intake'
import { KnownIntegrations } from '../../src/long-connection/known-integrations'
import { EventTarget, IntegrationLookUp, IntegrationReader, LarkIntegration, parseSettings } from '../../src/settings'
import { SystemClock } from '../../src/shared'
import { createTestDatabase, TestDatabase } from '../support/database'

class StoringInbox extends Inbox {
  isDown = false

  constructor(private readonly repository: InboxRepository) {
    super()
  }

  async accept(event: NewInboundEvent): Promise<'accepted' | 'duplicate'> {
    if (this.isDown) throw new Error('the database is away')
    return (await this.repository.insert(event, new Date())) ? 'accepted' : 'duplicate'
  }
}

class FirstTarget extends EventTarget {
  pick(candidates: readonly LarkIntegration[]): LarkIntegration {
    const first = candidates[0]
    if (!first) throw new Error('no candidate')
    return first
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

  async find(id: string): Promise<LarkIntegration | null> {
    return this.isDown ? null : (this.integrations.get(id) ?? null)
  }

  async lookUp(id: string): Promise<IntegrationLookUp> {
    const integration = await this.find(id)
    return integration ? { integration } : 'unavailable'
  }

  drop(): void {}
}

interface Instance {
  id: string
  manager: ConnectionManager
  inbox: StoringInbox
}

describe('long connections', () => {
  let lark: LarkSimulator
  let database: TestDatabase
  let dataSource: DataSource
  let reader: TestReader
  let statuses: ConnectionStatuses
  let app: SimApp
  let userId: string
  const instances: Instance[] = []

  const startInstance = async (): Promise<Instance> => {
    const identity = new InstanceIdentity()
    const inbox = new StoringInbox(new InboxRepository(dataSource))
    const clock = new SystemClock()
    const target = new FirstTarget()
    const manager = new ConnectionManager(
      new KnownIntegrations(new IntegrationRows(dataSource), reader),
      new ConnectionLeases(dataSource, identity),
      target,
      new LongConnectionClients(new PluginConfigReader(() => ({ endpoints: { feishu: lark.url } }))),
      new EventIntake(inbox, target, new ToastResponder(), clock),
      clock
    )
    const instance = { id: identity.id, manager, inbox }
    instances.push(instance)
    await manager.start()
    return instance
  }

  const saveIntegration = async (options: object, scope = { tenantId: randomUUID(), organizationId: randomUUID() }) => {
    const id = randomUUID()
    reader.integrations.set(id, { id, name: 'it', ...scope, settings: parseSettings(options) })
    await database.query(
      `INSERT INTO integration (id, provider, "tenantId", "organizationId", "updatedAt") VALUES ($1, 'lark', $2, $3, now())`,
      [id, scope.tenantId, scope.organizationId]
    )
    return { id, scope }
  }

  const changeOptions = async (id: string, options: object) => {
    const integration = reader.integrations.get(id)
    if (integration) reader.integrations.set(id, { ...integration, settings: parseSettings(options) })
    await database.query(`UPDATE integration SET "updatedAt" = clock_timestamp() WHERE id = $1`, [id])
  }

  const appOptions = () => ({ appId: app.appId, appSecret: app.appSecret, connectionMode: 'long_connection' })

  const until = async <T>(read: () => Promise<T>, isRight: (value: T) => boolean, limitMs = 20_000): Promise<T> => {
    const end = Date.now() + limitMs
    for (;;) {
      const value = await read()
      if (isRight(value)) return value
      if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const status = () => statuses.find(`feishu:${app.appId}`)
  const untilState = (state: ConnectionStatus['state']) => until(status, (found) => found?.state === state)
  /** Of this test's app alone: another test's event may wait for its next delivery. */
  const delivered = () =>
    until(
      () => lark.deliveries({ appId: app.appId }),
      (found) => found.some(({ endedAt }) => endedAt !== undefined)
    )
  const rows = () => database.query(`SELECT event_type, dedup_key, integration_id FROM plugin_lark_inbound_event`)

  beforeAll(async () => {
    lark = await LarkSimulator.spawn()
    database = await createTestDatabase()
    dataSource = new DataSource({
      type: 'postgres',
      url: database.url,
      entities: [...longConnectionEntities, ...inboxEntities],
      synchronize: true
    })
    await dataSource.initialize()
    await database.query(
      `CREATE TABLE integration (id uuid PRIMARY KEY, provider text, "tenantId" uuid, "organizationId" uuid, "updatedAt" timestamptz)`
    )
    statuses = new ConnectionStatuses(dataSource)
  })

  beforeEach(async () => {
    await lark.clearFaults()
    await database.query('TRUNCATE integration, plugin_lark_connection, plugin_lark_inbound_event')
    reader = new TestReader()
    app = await lark.createApp({ transport: 'long_connection', name: 'Helper' })
    userId = (await lark.createUser({ name: 'Ann' })).userId
  })

  afterEach(async () => {
    await Promise.all(instances.splice(0).map(({ manager }) => manager.stop()))
  })

  afterAll(async () => {
    await dataSource?.destroy()
    await database?.drop()
    await lark?.stop()
  })

  it('connects, stores a message and then acknowledges it', async () => {
    const { id } = await saveIntegration(appOptions())
    const { id: owner } = await startInstance()
    await untilState('connected')
    const { messageId } = await lark.say({ userId, appId: app.appId, text: 'hello' })
    expect(await delivered()).toMatchObject([{ messageId, ok: true, attempt: 1 }])
    expect(await rows()).toEqual([
      { event_type: 'im.message.receive_v1', dedup_key: `message:${messageId}`, integration_id: id }
    ])
    expect(await status()).toMatchObject({ owner, desiredState: 'connected', reconnectCount: 0, recentErrors: [] })
  })

  it('does not acknowledge what was not stored', async () => {
    await saveIntegration(appOptions())
    const { inbox } = await startInstance()
    await untilState('connected')
    inbox.isDown = true
    const { messageId } = await lark.say({ userId, appId: app.appId, text: 'hello' })
    expect(await delivered()).toMatchObject([{ messageId, ok: false, status: 500 }])
    expect(await rows()).toEqual([])
  })

  it('answers a click with a toast, from a row', async () => {
    await saveIntegration(appOptions())
    await startInstance()
    await untilState('connected')
    const { eventId } = await lark.push({
      appId: app.appId,
      eventType: 'card.action.trigger',
      event: {
        operator: { open_id: 'ou_1' },
        token: 'c-1',
        action: { tag: 'button', value: { choice: 'yes' } },
        context: { open_message_id: 'om_1', open_chat_id: 'oc_1' }
      }
    })
    const [delivery] = await delivered()
    expect(delivery?.responseBody).toEqual({ toast: { type: 'success', content: 'heard yes' } })
    expect(await rows()).toMatchObject([{ dedup_key: `event:${eventId}` }])
  })

  it('ignores events that it does not handle', async () => {
    await saveIntegration(appOptions())
    await startInstance()
    await untilState('connected')
    await lark.push({ appId: app.appId, eventType: 'im.chat.disbanded_v1', event: { chat_id: 'oc_1' } })
    expect(await delivered()).toMatchObject([{ ok: true }])
    expect(await rows()).toEqual([])
  })

  it('has one owner among two instances, and the other one takes over when it stops', async () => {
    await saveIntegration(appOptions())
    const [first, second] = await Promise.all([startInstance(), startInstance()])
    const { owner } = (await untilState('connected')) ?? {}
    expect(await lark.connections(app.appId)).toHaveLength(1)
    const [holder, other] = owner === first.id ? [first, second] : [second, first]
    await holder.manager.stop()
    await until(status, (found) => found?.owner === other.id && found.state === 'connected')
    expect(await lark.connections(app.appId)).toHaveLength(1)
  })

  it('comes back after Lark has closed the socket', async () => {
    await saveIntegration(appOptions())
    await startInstance()
    await untilState('connected')
    await lark.closeConnections(app.appId)
    const found = await until(status, (now) => now?.state === 'connected' && now.reconnectCount === 1)
    expect(found?.recentErrors).toMatchObject([{ code: 'closed' }])
  })

  it('says why it can not connect, and connects at once when the secret is mended', async () => {
    const { id } = await saveIntegration({ ...appOptions(), appSecret: 'wrong' })
    const { manager } = await startInstance()
    const failed = await untilState('failed')
    expect(failed?.recentErrors).toMatchObject([{ code: '514' }])
    await changeOptions(id, appOptions())
    await manager.integrationChanged(id)
    await untilState('connected')
  })

  it('closes when the mode changes and when the integration is removed', async () => {
    const { id } = await saveIntegration(appOptions())
    const { manager } = await startInstance()
    await untilState('connected')
    await changeOptions(id, { ...appOptions(), connectionMode: 'webhook' })
    await manager.integrationChanged(id)
    expect(await untilState('closed')).toMatchObject({ owner: null })
    await changeOptions(id, appOptions())
    await manager.integrationChanged(id)
    await untilState('connected')
    await manager.integrationRemoved(id)
    await untilState('closed')
    expect(await lark.waitForConnections(app.appId, 0)).toEqual([])
  })

  it('keeps its connections when the integrations can not be read, or none is listed', async () => {
    const { id } = await saveIntegration(appOptions())
    const { manager } = await startInstance()
    await untilState('connected')
    reader.isDown = true
    await manager.integrationChanged(id)
    await manager.reconcile()
    await database.query('ALTER TABLE integration RENAME TO elsewhere')
    await manager.reconcile()
    await database.query('ALTER TABLE elsewhere RENAME TO integration')
    await database.query('TRUNCATE integration')
    for (let round = 0; round < 3; round += 1) await manager.reconcile()
    expect(await lark.connections(app.appId)).toHaveLength(1)
    expect((await status())?.state).toBe('connected')
  })

  it('gives the app to one organisation only', async () => {
    const [one, two] = [await saveIntegration(appOptions()), await saveIntegration(appOptions())]
    await startInstance()
    await untilState('connected')
    await lark.say({ userId, appId: app.appId, text: 'hello' })
    await delivered()
    const first = [one.id, two.id].sort()[0]
    expect(await rows()).toMatchObject([{ integration_id: first }])
    expect(await lark.connections(app.appId)).toHaveLength(1)
  })

  it('closes the socket when its lease is taken away or switched off', async () => {
    await saveIntegration(appOptions())
    const { manager } = await startInstance()
    await untilState('connected')
    await database.query(`UPDATE plugin_lark_connection SET desired_state = 'disconnected'`)
    await lark.closeConnections(app.appId)
    await until(
      async () => (await status())?.owner,
      (owner) => owner === null
    )
    await manager.reconcile()
    expect(await status()).toMatchObject({ state: 'closed', desiredState: 'disconnected' })
    expect(await lark.waitForConnections(app.appId, 0)).toEqual([])
  })
})
