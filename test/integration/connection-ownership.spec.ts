import { SimApp } from '../../playground/lark-simulator/client'
import { ConnectionRefusedError } from '../../src/long-connection'
import { longestGap } from '../support/connection-gaps'
import { ConnectionWorld, longConnectionTo, newScope } from '../support/connection-world'
import { eventually } from '../support/eventually'
import { SilentDatabase } from '../support/silent-database'

// Ids that sort before and after each other: without anything else, the first one would be chosen.
const FIRST = '00000000-0000-4000-8000-000000000001'
const LAST = 'ffffffff-ffff-4fff-bfff-fffffffffff1'

describe('whose an app is', () => {
  let world: ConnectionWorld
  let app: SimApp

  const conflictOf = async (id: string) => (await world.statuses.of(world.integration(id)))?.conflict
  const untilConflict = (id: string, code: string | null) =>
    eventually(`the conflict is ${code}`, async () => {
      const found = await conflictOf(id)
      if (found === code) return true
      throw new Error(String(found))
    })
  const say = async () => {
    const { userId } = await world.lark.createUser({ name: 'Ann' })
    const { messageId } = await world.lark.say({ userId, appId: app.appId, text: 'hello' })
    await world.lark.waitForDelivery({ messageId, ok: true })
    const [row] = await world.database.query(
      'SELECT integration_id FROM plugin_lark_inbound_event WHERE message_id = $1',
      [messageId]
    )
    return row?.integration_id as string
  }
  const open = async () => (await world.lark.connections(app.appId)).map(({ connectionId }) => connectionId)

  beforeAll(async () => {
    world = await ConnectionWorld.create()
  })

  beforeEach(async () => {
    await world.reset()
    app = await world.lark.createApp({ transport: 'long_connection', name: 'Helper' })
  })

  afterAll(() => world?.end())

  it('stays with the tenant that proved itself: another one with a wrong, then the right secret sees why, over a restart too', async () => {
    const a = await world.save(longConnectionTo(app), newScope(), LAST)
    await Promise.all([world.startInstance(), world.startInstance()])
    await world.until(app, { state: 'connected' })
    const before = await open()

    const b = await world.save({ ...longConnectionTo(app), appSecret: 'wrong' }, newScope(), FIRST)
    await untilConflict(b.id, 'secret_refused')
    await world.change(b.id, longConnectionTo(app))
    await untilConflict(b.id, 'other_organization')
    expect(await world.statuses.of(world.integration(b.id))).toMatchObject({
      state: 'closed',
      owner: null,
      lastConnectedAt: null,
      recentErrors: []
    })
    await expect(world.control.disconnect(world.integration(b.id))).rejects.toThrow(ConnectionRefusedError)
    expect(await open()).toEqual(before)
    expect(await say()).toBe(a.id)
    expect(await conflictOf(a.id)).toBeNull()

    await world.stopInstances()
    await Promise.all([world.startInstance(), world.startInstance()])
    await world.until(app, { state: 'connected' })
    expect(await say()).toBe(a.id)
    await untilConflict(b.id, 'other_organization')
    expect((await world.status(app))?.recentErrors).toEqual([])

    await world.remove(a.id)
    await untilConflict(b.id, null)
    await world.until(app, { state: 'connected' })
    expect(await say()).toBe(b.id)
  })

  it('is not the first one who names it with a secret that Lark refuses', async () => {
    const wrong = await world.save({ ...longConnectionTo(app), appSecret: 'wrong' }, newScope(), FIRST)
    await world.startInstance()
    await world.until(app, { state: 'failed' })
    const right = await world.save(longConnectionTo(app), newScope(), LAST)
    await world.until(app, { state: 'connected' })
    await untilConflict(wrong.id, 'secret_refused')
    expect(await say()).toBe(right.id)
    expect((await world.status(app))?.recentErrors).toEqual([])
  })

  it('is shared within an organisation by those whose own secret Lark accepts, and by the other one once it is mended', async () => {
    const { id: wrong, scope } = await world.save({ ...longConnectionTo(app), appSecret: 'wrong' }, newScope(), FIRST)
    const { id: right } = await world.save(longConnectionTo(app), scope, LAST)
    await world.startInstance()
    await world.until(app, { state: 'connected' })
    await untilConflict(wrong, 'secret_refused')
    world.bound.add(wrong)
    expect(await say()).toBe(right)
    const before = await open()
    await world.change(wrong, longConnectionTo(app))
    await untilConflict(wrong, null)
    expect(await say()).toBe(wrong)
    expect(await open()).toEqual(before)
  })

  it('is told to both when two of its integrations have a published expert', async () => {
    const { id: one, scope } = await world.save(longConnectionTo(app), newScope(), FIRST)
    const { id: two } = await world.save(longConnectionTo(app), scope, LAST)
    world.bound.add(one).add(two)
    await world.startInstance()
    await world.until(app, { state: 'connected' })
    await Promise.all([untilConflict(one, 'two_bindings'), untilConflict(two, 'two_bindings')])
    expect(await say()).toBe(one)
    world.bound.delete(one)
    await Promise.all([untilConflict(one, null), untilConflict(two, null)])
    expect(await say()).toBe(two)
  })
})

describe('what an admin asks for', () => {
  let world: ConnectionWorld
  let app: SimApp

  beforeAll(async () => {
    world = await ConnectionWorld.create()
  })

  beforeEach(async () => {
    await world.reset()
    app = await world.lark.createApp({ transport: 'long_connection', name: 'Helper' })
  })

  afterAll(() => world?.end())

  it('holds over rounds, instances and restarts, wherever it was asked', async () => {
    const { id } = await world.save(longConnectionTo(app))
    const [one, two] = await Promise.all([world.startInstance(), world.startInstance()])
    await world.until(app, { state: 'connected' })
    await world.control.disconnect(world.integration(id))
    await world.lark.waitForConnections(app.appId, 0)
    await world.until(app, { state: 'closed', owner: null, desiredState: 'disconnected' })
    for (const { manager } of [one, two, one]) {
      await manager.integrationChanged(id)
      await manager.reconcile()
    }
    await world.stopInstances()
    const again = await world.startInstance()
    for (let round = 0; round < 3; round += 1) {
      await again.manager.reconcile()
      await world.statuses.of(world.integration(id))
    }
    expect(await world.lark.connections(app.appId)).toEqual([])

    await world.control.connect(world.integration(id))
    await world.until(app, { state: 'connected', desiredState: 'connected', owner: again.id })
  })

  it('is a new socket on reconnect, and an attempt at once where the next one is minutes away', async () => {
    const { id } = await world.save(longConnectionTo(app))
    await world.startInstance()
    await world.until(app, { state: 'connected' })
    const [before] = await world.lark.connections(app.appId)
    await world.control.reconnect(world.integration(id))
    const replaced = async () => {
      const open = await world.lark.connections(app.appId)
      return open.length === 1 && open[0]?.connectionId !== before?.connectionId
    }
    await eventually('there is another socket', replaced)
    await world.until(app, { state: 'connected' })

    await world.lark.addFault({ on: 'endpoint', code: 1000040350 })
    await world.lark.closeConnections(app.appId)
    expect((await world.until(app, { state: 'failed' })).recentErrors).toMatchObject([
      { code: '1000040350' },
      { code: 'closed' }
    ])
    await world.control.reconnect(world.integration(id))
    await world.until(app, { state: 'connected' })
  })

  it('is refused where there is no long connection', async () => {
    const { id } = await world.save({ ...longConnectionTo(app), connectionMode: 'webhook' })
    await expect(world.control.connect(world.integration(id))).rejects.toMatchObject({ code: 'webhook_mode' })
    expect(await world.status(app)).toBeNull()
  })
})

describe('several instances', () => {
  let world: ConnectionWorld

  const apps = async (count: number): Promise<SimApp[]> => {
    const made: SimApp[] = []
    for (let index = 0; index < count; index += 1) {
      const app = await world.lark.createApp({ transport: 'long_connection', name: `Bot ${index}` })
      await world.save(longConnectionTo(app))
      made.push(app)
    }
    return made
  }
  const owners = async (): Promise<Record<string, number>> => {
    const rows = await world.database.query<{ owner: string; held: number }>(
      `SELECT owner, count(*)::int AS held FROM plugin_lark_connection WHERE state = 'connected' GROUP BY owner`
    )
    return Object.fromEntries(rows.map(({ owner, held }) => [owner, held]))
  }
  const untilOwners = (wanted: Record<string, number>, withinMs = 30_000) =>
    eventually(
      `the owners are ${JSON.stringify(wanted)}`,
      async () => {
        const found = await owners()
        if (JSON.stringify(Object.entries(found).sort()) === JSON.stringify(Object.entries(wanted).sort())) return true
        throw new Error(JSON.stringify(found))
      },
      withinMs
    )
  const gaps = async (of: readonly SimApp[]): Promise<number[]> => {
    const { now } = await world.lark.clock()
    const gapOf = async ({ appId }: SimApp): Promise<number> => {
      const history = await world.lark.connectionHistory(appId)
      return longestGap(history, history[0]?.openedAt ?? now, now)
    }
    return Promise.all(of.map(gapOf))
  }

  beforeAll(async () => {
    world = await ConnectionWorld.create()
  })

  beforeEach(() => world.reset())

  afterAll(() => world?.end())

  it('share ten apps evenly, and hand them over without a moment without a socket', async () => {
    const ten = await apps(10)
    const first = await world.startInstance()
    await untilOwners({ [first.id]: 10 })
    const second = await world.startInstance()
    await untilOwners({ [first.id]: 5, [second.id]: 5 })
    await first.manager.stop()
    await untilOwners({ [second.id]: 10 })
    expect(await gaps(ten)).toEqual(ten.map(() => 0))
    await eventually('there is one socket an app', async () => (await world.lark.connections()).length === 10)
  })

  /** With one app, and a way to the database that can fall silent. */
  const overSilentWay = async (work: (appId: string, way: SilentDatabase) => Promise<void>) => {
    const [app] = await apps(1)
    const way = await SilentDatabase.before(world.database.url)
    try {
      await work(app!.appId, way)
    } finally {
      way.speak()
      await world.stopInstances()
      way.end()
    }
  }

  it(
    'have one socket an app when the database leaves the statements of its owner without an answer',
    () =>
      overSilentWay(async (appId, way) => {
        const first = await world.startInstance(way.url)
        await untilOwners({ [first.id]: 1 })
        const second = await world.startInstance()
        way.fallSilent()
        await untilOwners({ [second.id]: 1 }, 45_000)
        await eventually('there is one socket', async () => (await world.lark.connections(appId)).length === 1)
        way.speak()
        await first.manager.reconcile()
        expect(await owners()).toEqual({ [second.id]: 1 })
        expect(await world.lark.connections(appId)).toHaveLength(1)
      }),
    120_000
  )

  it(
    'go on with the same socket when the connections to the database are dead that are open, and new ones are not',
    () =>
      overSilentWay(async (appId, way) => {
        const only = await world.startInstance(way.url)
        await untilOwners({ [only.id]: 1 })
        const before = await world.lark.connections(appId)
        const [lease] = await world.database.query<{ until: Date }>(
          `SELECT lease_expires_at + interval '15 seconds' AS until FROM plugin_lark_connection`
        )
        way.loseOpen()
        await eventually(
          'the lease is renewed',
          async () =>
            (
              await world.database.query(`SELECT 1 FROM plugin_lark_connection WHERE lease_expires_at > $1`, [
                lease!.until
              ])
            ).length === 1,
          60_000
        )
        expect(await world.lark.connections(appId)).toEqual(before)
      }),
    120_000
  )

  it('do nothing more for a hundred integrations than for one: as many statements a round', async () => {
    const forty = await apps(40)
    for (let index = 0; index < 60; index += 1) {
      const app = forty[index % 40]!
      const [sibling] = [...world.reader.integrations.values()].filter(({ settings }) => settings.appId === app.appId)
      await world.save(longConnectionTo(app), sibling)
    }
    const [one, two] = await Promise.all([world.startInstance(), world.startInstance()])
    await untilOwners({ [one.id]: 20, [two.id]: 20 }, 60_000)
    const statements: string[] = []
    const query = one.dataSource.query.bind(one.dataSource)
    one.dataSource.query = (sql: string, ...rest: never[]) => {
      statements.push(sql)
      return query(sql, ...rest)
    }
    await one.manager.reconcile()
    await one.manager.reconcile()
    const rounds = statements.filter((sql) => sql.includes('FROM integration')).length
    expect(rounds).toBeGreaterThanOrEqual(2)
    const ofRounds = statements.filter((sql) => !sql.includes('UPDATE plugin_lark_connection AS held SET lease'))
    expect(
      ofRounds.filter((sql) => !/FROM (integration|plugin_lark_connection|plugin_lark_instance)/.test(sql))
    ).toEqual([])
    expect(ofRounds.length).toBeLessThanOrEqual(3 * (rounds + 1))
  }, 120_000)
})
