import { DataSource } from 'typeorm'
import { InstanceIdentity } from '../../src/cluster'
import { ConnectionStatuses, longConnectionEntities } from '../../src/long-connection'
import { ConnectionLeases, Lease } from '../../src/long-connection/connection-lease'
import { ConnectionRecord } from '../../src/long-connection/connection-record'
import { LeaseLostError } from '../../src/shared'
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
    await one.renew(lost, record())
    await expire()
    const taken = await takeOne(two)
    expect(taken.inherited).toMatchObject({
      reconnectCount: 3,
      recentErrors: [{ code: 'closed' }],
      lastConnectedAt: NOW
    })
    await expect(one.renew(lost, record())).rejects.toThrow(LeaseLostError)
    await one.release(lost, NOW)
    await two.renew(taken, record())
  })

  it('is kept by a late owner as long as nobody else came', async () => {
    const lease = await takeOne()
    await expire()
    await one.renew(lease, record())
    expect(await two.acquire([wanted('feishu:a')])).toEqual([])
  })

  it('is free at once when it was released', async () => {
    await one.release(await takeOne(), NOW)
    await takeOne(two)
  })

  it('is neither taken nor kept where an admin wants no connection', async () => {
    const lease = await takeOne()
    await database.query(`UPDATE plugin_lark_connection SET desired_state = 'disconnected'`)
    await expect(one.renew(lease, record())).rejects.toThrow(LeaseLostError)
    await one.release(lease, NOW)
    expect(await two.acquire([wanted('feishu:a')])).toEqual([])
  })

  it('shows in the status what the owner knows, and that nobody owns it once it has expired', async () => {
    const statuses = new ConnectionStatuses(dataSource)
    expect(await statuses.find('feishu:a')).toBeNull()
    await one.renew(await takeOne(), record())
    expect(await statuses.find('feishu:a')).toEqual({
      ...record(),
      appKey: 'feishu:a',
      desiredState: 'connected',
      owner: oneId
    })
    await expire()
    expect(await statuses.find('feishu:a')).toMatchObject({ state: 'closed', owner: null, reconnectCount: 3 })
  })
})
