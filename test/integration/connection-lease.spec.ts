import { DataSource } from 'typeorm'
import { InstanceIdentity } from '../../src/cluster'
import { ConnectionStatuses, longConnectionEntities } from '../../src/long-connection'
import { ConnectionLeases, Lease } from '../../src/long-connection/connection-lease'
import { ConnectionRecord } from '../../src/long-connection/connection-record'
import { createTestDatabase, TestDatabase } from '../support/database'

const NOW = new Date('2026-03-01T12:00:00Z')
const wanted = (appKey: string) => ({ appKey, tenantId: 't', organizationId: null })
const record = (patch: Partial<ConnectionRecord> = {}): ConnectionRecord => ({
  state: 'connected',
  since: NOW,
  lastConnectedAt: NOW,
  lastFrameAt: NOW,
  lastEventAt: null,
  reconnectCount: 3,
  recentErrors: [{ at: NOW.toISOString(), code: 'closed', message: '' }],
  acceptedSecret: 'digest',
  conflicts: [],
  otherConsumers: null,
  ...patch
})

describe('the lease of a long connection', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let one: ConnectionLeases
  let two: ConnectionLeases
  let oneId: string

  const takeOne = async (leases = one): Promise<Lease> => {
    const [lease] = await leases.acquire([wanted('feishu:a')])
    if (!lease) throw new Error('the lease is not free')
    return lease
  }
  const renew = async (leases: ConnectionLeases, lease: Lease): Promise<boolean> =>
    (await leases.renew([{ lease, record: record() }])).has(lease.appKey)
  const expire = () =>
    database.query(`UPDATE plugin_lark_connection SET lease_expires_at = now() - interval '1 second'`)

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await new DataSource({
      type: 'postgres',
      url: database.url,
      entities: longConnectionEntities,
      synchronize: true
    }).initialize()
    const identity = new InstanceIdentity()
    oneId = identity.id
    one = new ConnectionLeases(dataSource, identity)
    two = new ConnectionLeases(dataSource, new InstanceIdentity())
  })

  beforeEach(() => database.query('TRUNCATE plugin_lark_connection'))

  afterAll(async () => {
    await dataSource?.destroy()
    await database?.drop()
  })

  it('goes to one instance when two ask for many at once', async () => {
    const apps = Array.from({ length: 20 }, (_, index) => wanted(`feishu:${index}`))
    const [left, right] = await Promise.all([one.acquire(apps), two.acquire([...apps].reverse())])
    expect([...left, ...right].map(({ appKey }) => appKey).sort()).toEqual(apps.map(({ appKey }) => appKey).sort())
  })

  it('is not taken from a living owner', async () => {
    await takeOne()
    expect(await two.acquire([wanted('feishu:a')])).toEqual([])
  })

  it('is taken over once it has expired, and the former owner notices', async () => {
    const lost = await takeOne()
    expect(await renew(one, lost)).toBe(true)
    await expire()
    const taken = await takeOne(two)
    expect(taken.inherited).toMatchObject({
      reconnectCount: 3,
      recentErrors: [{ code: 'closed' }],
      lastConnectedAt: NOW
    })
    expect(await renew(one, lost)).toBe(false)
    await one.release(lost, NOW)
    expect(await renew(two, taken)).toBe(true)
  })

  it('is kept by a late owner as long as nobody else came', async () => {
    const lease = await takeOne()
    await expire()
    expect(await renew(one, lease)).toBe(true)
    expect(await two.acquire([wanted('feishu:a')])).toEqual([])
  })

  it('is free at once when it was released', async () => {
    await one.release(await takeOne(), NOW)
    await takeOne(two)
  })

  it('is neither taken nor kept where an admin wants no connection', async () => {
    const lease = await takeOne()
    await database.query(`UPDATE plugin_lark_connection SET desired_state = 'disconnected'`)
    expect(await renew(one, lease)).toBe(false)
    await one.release(lease, NOW)
    expect(await two.acquire([wanted('feishu:a')])).toEqual([])
  })

  it('is renewed for many at once, and only where it is still ours', async () => {
    const [lost, kept] = await one.acquire([wanted('feishu:a'), wanted('feishu:b')])
    if (!lost || !kept) throw new Error('the leases are not free')
    await database.query(`UPDATE plugin_lark_connection SET lease_token = gen_random_uuid() WHERE app_key = 'feishu:a'`)
    const all = [lost, kept].map((lease) => ({ lease, record: record() }))
    expect(await one.renew(all)).toEqual(new Set(['feishu:b']))
  })

  it('is taken from a living owner that offers it, and from no other', async () => {
    const lease = await takeOne()
    await one.offer([lease], 'balance')
    await one.offer([lease], null)
    expect(await two.acquire([wanted('feishu:a')])).toEqual([])
    await one.offer([lease], 'stop')
    await takeOne(two)
    expect(await renew(one, lease)).toBe(false)
    expect((await two.read()).get('feishu:a')).toMatchObject({ offered: null, isHeld: true })
  })

  it('is offered by its holder only', async () => {
    const lost = await takeOne()
    await expire()
    await takeOne(two)
    await one.offer([lost], 'balance')
    expect((await two.read()).get('feishu:a')).toMatchObject({ offered: null })
    expect(await one.acquire([wanted('feishu:a')])).toEqual([])
  })

  it('is taken again by the very instance that holds it, and by no other', async () => {
    const former = await takeOne()
    expect(await two.acquire([wanted('feishu:a')])).toEqual([])
    const again = await takeOne()
    expect(again.token).not.toBe(former.token)
    expect(await renew(one, former)).toBe(false)
    expect(await renew(one, again)).toBe(true)
  })

  it.each([
    ['tenant', { tenantId: 'other', organizationId: 'o' }],
    ['organisation of the tenant', { tenantId: 't', organizationId: 'other' }]
  ])('leaves nothing to another %s that is left to its own', async (_, scope) => {
    const own = { appKey: 'feishu:a', tenantId: 't', organizationId: 'o' }
    const [lease] = await one.acquire([own])
    await renew(one, lease!)
    await one.release(lease!, NOW)
    await database.query(`UPDATE plugin_lark_connection SET desired_state = 'disconnected'`)
    expect(await two.acquire([own])).toEqual([])
    const [taken] = await two.acquire([{ ...own, ...scope }])
    expect(taken?.inherited).toMatchObject({ reconnectCount: 0, recentErrors: [], acceptedSecret: null })
  })

  it('leaves nothing of the former organisation to the next one', async () => {
    const lease = await takeOne()
    await renew(one, lease)
    await one.release(lease, NOW)
    await database.query(`UPDATE plugin_lark_connection SET desired_state = 'disconnected', reconnect_at = now()`)
    const [taken] = await two.acquire([{ appKey: 'feishu:a', tenantId: 'other', organizationId: null }])
    expect(taken?.inherited).toEqual({
      reconnectCount: 0,
      recentErrors: [],
      lastConnectedAt: null,
      lastEventAt: null,
      acceptedSecret: null
    })
    expect((await two.read()).get('feishu:a')).toMatchObject({ desiredState: null, reconnectAt: null })
  })

  it('is forgotten with its row once nobody names the app, but not while it is held', async () => {
    const lease = await takeOne()
    await one.forget(['feishu:a'])
    expect((await one.read()).size).toBe(1)
    await one.release(lease, NOW)
    await one.forget(['feishu:a'])
    expect((await one.read()).size).toBe(0)
  })

  it('shows in the status what the owner knows, and that nobody owns it once it has expired', async () => {
    const statuses = new ConnectionStatuses(dataSource)
    expect(await statuses.seenBy('feishu:a', { tenantId: 't', organizationId: null })).toBeNull()
    await renew(one, await takeOne())
    const { acceptedSecret: _digest, conflicts: _conflicts, ...shown } = record()
    expect(await statuses.seenBy('feishu:a', { tenantId: 't', organizationId: null })).toEqual({
      ...shown,
      appKey: 'feishu:a',
      desiredState: 'connected',
      owner: oneId,
      conflict: null,
      isEclipsed: false
    })
    await expire()
    expect(await statuses.seenBy('feishu:a', { tenantId: 't', organizationId: null })).toMatchObject({
      state: 'closed',
      owner: null,
      reconnectCount: 3
    })
  })
})
