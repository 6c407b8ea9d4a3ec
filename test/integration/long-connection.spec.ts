import { SimApp } from '../../playground/lark-simulator/client'
import { ConnectionStatus } from '../../src/long-connection'
import { ConnectionWorld, Instance, longConnectionTo } from '../support/connection-world'
import { eventually } from '../support/eventually'

describe('long connections', () => {
  let world: ConnectionWorld
  let app: SimApp
  let userId: string

  const appOptions = () => longConnectionTo(app)
  const status = () => world.status(app)
  const untilState = (state: ConnectionStatus['state']) => world.until(app, { state })
  /** Of this test's app alone: another test's event may wait for its next delivery. */
  const delivered = () =>
    eventually('a delivery has ended', async () => {
      const found = await world.lark.deliveries({ appId: app.appId })
      return found.some(({ endedAt }) => endedAt !== undefined) && found
    })
  const rows = () => world.database.query(`SELECT event_type, dedup_key, integration_id FROM plugin_lark_inbound_event`)
  const startInstance = (): Promise<Instance> => world.startInstance()

  beforeAll(async () => {
    world = await ConnectionWorld.create()
  })

  beforeEach(async () => {
    await world.reset()
    app = await world.lark.createApp({ transport: 'long_connection', name: 'Helper' })
    userId = (await world.lark.createUser({ name: 'Ann' })).userId
  })

  afterAll(() => world?.end())

  it('connects, stores a message and then acknowledges it', async () => {
    const { id } = await world.save(appOptions())
    const { id: owner } = await startInstance()
    await untilState('connected')
    const { messageId } = await world.lark.say({ userId, appId: app.appId, text: 'hello' })
    expect(await delivered()).toMatchObject([{ messageId, ok: true, attempt: 1 }])
    expect(await rows()).toEqual([
      { event_type: 'im.message.receive_v1', dedup_key: `message:${messageId}`, integration_id: id }
    ])
    expect(await status()).toMatchObject({ owner, desiredState: 'connected', reconnectCount: 0, recentErrors: [] })
  })

  it('does not acknowledge what was not stored', async () => {
    await world.save(appOptions())
    const { inbox } = await startInstance()
    await untilState('connected')
    inbox.isDown = true
    const { messageId } = await world.lark.say({ userId, appId: app.appId, text: 'hello' })
    expect(await delivered()).toMatchObject([{ messageId, ok: false, status: 500 }])
    expect(await rows()).toEqual([])
  })

  it('answers a click with a toast, from a row', async () => {
    await world.save(appOptions())
    await startInstance()
    await untilState('connected')
    const { eventId } = await world.lark.push({
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
    await world.save(appOptions())
    await startInstance()
    await untilState('connected')
    await world.lark.push({ appId: app.appId, eventType: 'im.chat.disbanded_v1', event: { chat_id: 'oc_1' } })
    expect(await delivered()).toMatchObject([{ ok: true }])
    expect(await rows()).toEqual([])
  })

  it('has one owner among two instances, and the other one takes over when it stops', async () => {
    await world.save(appOptions())
    const [first, second] = await Promise.all([startInstance(), startInstance()])
    const { owner } = await untilState('connected')
    expect(await world.lark.connections(app.appId)).toHaveLength(1)
    const [holder, other] = owner === first.id ? [first, second] : [second, first]
    await holder.manager.stop()
    await world.until(app, { owner: other.id, state: 'connected' })
    await world.lark.waitForConnections(app.appId, 1)
  })

  it('comes back after Lark has closed the socket', async () => {
    await world.save(appOptions())
    await startInstance()
    await untilState('connected')
    await world.lark.closeConnections(app.appId)
    const found = await world.until(app, { state: 'connected', reconnectCount: 1 })
    expect(found.recentErrors).toMatchObject([{ code: 'closed' }])
  })

  it('says why it can not connect, and connects at once when the secret is mended', async () => {
    const { id } = await world.save({ ...appOptions(), appSecret: 'wrong' })
    const { manager } = await startInstance()
    const failed = await untilState('failed')
    expect(failed.recentErrors).toMatchObject([{ code: '514' }])
    await world.change(id, appOptions())
    await manager.integrationChanged(id)
    await untilState('connected')
  })

  it('closes when the mode changes and when the integration is removed', async () => {
    const { id } = await world.save(appOptions())
    const { manager } = await startInstance()
    await untilState('connected')
    await world.change(id, { ...appOptions(), connectionMode: 'webhook' })
    await manager.integrationChanged(id)
    expect(await untilState('closed')).toMatchObject({ owner: null })
    await world.change(id, appOptions())
    await manager.integrationChanged(id)
    await untilState('connected')
    await manager.integrationRemoved(id)
    await eventually('nothing is kept of it', async () => (await status()) === null)
    expect(await world.lark.waitForConnections(app.appId, 0)).toEqual([])
  })

  it('keeps its connections when the integrations can not be read or listed, or the list lacks what is there', async () => {
    const { id } = await world.save(appOptions())
    const { manager, rows: listed } = await startInstance()
    await untilState('connected')
    const [before] = await world.lark.connections(app.appId)
    world.reader.isDown = true
    await manager.integrationChanged(id)
    await manager.reconcile()
    await world.database.query('ALTER TABLE integration RENAME TO elsewhere')
    await manager.reconcile()
    await world.database.query('ALTER TABLE elsewhere RENAME TO integration')
    const other = await world.save({ ...appOptions(), appId: 'cli_00000000000000aa', connectionMode: 'webhook' })
    for (const hides of [() => true, (hidden: string) => hidden !== other.id]) {
      listed.hides = hides
      for (let round = 0; round < 4; round += 1) await manager.reconcile()
    }
    expect(await world.lark.connections(app.appId)).toEqual([expect.objectContaining(before!)])
    expect((await status())?.state).toBe('connected')
  })

  it('closes and keeps nothing when the row itself is gone, though nobody told and no other is left', async () => {
    const { id } = await world.save(appOptions())
    await startInstance()
    await untilState('connected')
    await world.remove(id)
    await eventually('nothing is kept of it', async () => (await status()) === null)
    expect(await world.lark.waitForConnections(app.appId, 0)).toEqual([])
  })

  it('closes the socket when its lease is taken away', async () => {
    await world.save(appOptions())
    await startInstance()
    await untilState('connected')
    await world.database.query(
      `UPDATE plugin_lark_connection SET owner = gen_random_uuid(), lease_token = gen_random_uuid()`
    )
    expect(await world.lark.waitForConnections(app.appId, 0)).toEqual([])
  })
})
