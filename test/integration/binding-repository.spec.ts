import { DataSource } from 'typeorm'
import { XpertNames, XpertRows } from '../../src/host'
import { BindingHolders } from '../../src/trigger/binding-holders'
import { Binding, BindingRepository } from '../../src/trigger/binding.repository'
import { createTestDatabase, TestDatabase } from '../support/database'
import { openPluginTables } from '../support/plugin-tables'

const NOW = new Date('2026-03-01T10:00:00Z')

const binding = (integrationId: string, xpertId: string, config: Record<string, unknown> = {}): Binding => ({
  integrationId,
  xpertId,
  tenantId: 'tenant',
  organizationId: null,
  config
})

describe('BindingRepository', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let bindings: BindingRepository

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    bindings = new BindingRepository(dataSource)
  })

  beforeEach(() => database.query(`TRUNCATE plugin_lark_binding`))

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  it('gives back what was published, unknown settings included', async () => {
    const published = binding('i1', 'x1', { enabled: true, later: [1, null, 'ü'] })
    expect(await bindings.publish(published, NOW)).toBe(true)
    expect(await bindings.find('i1')).toEqual(published)
    expect(await bindings.find('i2')).toBeNull()
  })

  it('takes a republish with other settings', async () => {
    await bindings.publish(binding('i1', 'x1', { enabled: true }), NOW)
    expect(await bindings.publish(binding('i1', 'x1', { enabled: false }), NOW)).toBe(true)
    expect(await bindings.find('i1')).toMatchObject({ config: { enabled: false } })
  })

  it('moves an expert from one integration to another', async () => {
    await bindings.publish(binding('i1', 'x1'), NOW)
    await bindings.publish(binding('i2', 'x1'), NOW)
    expect(await bindings.boundIntegrations()).toEqual(['i2'])
  })

  it('refuses an integration that is bound to another expert, and leaves both experts as they were', async () => {
    await bindings.publish(binding('i1', 'x1'), NOW)
    await bindings.publish(binding('i2', 'x2'), NOW)
    expect(await bindings.publish(binding('i1', 'x2'), NOW)).toBe(false)
    expect(await bindings.find('i1')).toMatchObject({ xpertId: 'x1' })
    expect(await bindings.find('i2')).toMatchObject({ xpertId: 'x2' })
  })

  it('lets one of several experts have an integration that all publish at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) => bindings.publish(binding('i1', `x${index}`), NOW))
    )
    expect(results.filter((bound) => bound)).toHaveLength(1)
  })

  it('lets an expert have the integration of one that has to go, and of nobody else', async () => {
    await bindings.publish(binding('i1', 'x1', { enabled: true }), NOW)
    const looked = await bindings.holder('i1')
    expect(await bindings.publish(binding('i1', 'x2', { enabled: false }), NOW, looked)).toBe(true)
    expect(await bindings.find('i1')).toEqual(binding('i1', 'x2', { enabled: false }))
    expect(await bindings.publish(binding('i1', 'x3'), NOW, looked)).toBe(false)
    expect(await bindings.find('i1')).toMatchObject({ xpertId: 'x2' })
  })

  it('leaves an integration to the one that has published again since it was looked at', async () => {
    await bindings.publish(binding('i1', 'x1'), NOW)
    const looked = await bindings.holder('i1')
    await bindings.publish(binding('i1', 'x1', { enabled: false }), NOW)
    expect(await bindings.publish(binding('i1', 'x2'), NOW, looked)).toBe(false)
    expect(await bindings.find('i1')).toEqual(binding('i1', 'x1', { enabled: false }))
  })

  it('binds an integration whose expert was stopped since it was looked at', async () => {
    await bindings.publish(binding('i1', 'x1'), NOW)
    const looked = await bindings.holder('i1')
    await bindings.stop('x1')
    expect(await bindings.publish(binding('i1', 'x2'), NOW, looked)).toBe(true)
  })

  it('gives an integration to one of those that replace its expert, or leaves it where that one publishes too', async () => {
    for (let round = 0; round < 20; round += 1) {
      await bindings.removeIntegration('i1')
      await bindings.publish(binding('i1', 'x0'), NOW)
      const looked = await bindings.holder('i1')
      const experts = Array.from({ length: 8 }, (_, index) => `x${index}`)
      const bound = await Promise.all(experts.map((id) => bindings.publish(binding('i1', id), NOW, looked)))
      const { xpertId } = (await bindings.find('i1'))!
      const others = experts.filter((id, index) => bound[index] && id !== 'x0')
      expect(others).toEqual(xpertId === 'x0' ? [] : [xpertId])
    }
  })

  it('stops an expert without a trace, as often as it is asked', async () => {
    await bindings.publish(binding('i1', 'x1'), NOW)
    await bindings.publish(binding('i2', 'x2'), NOW)
    await bindings.stop('x1')
    await bindings.stop('x1')
    expect(await bindings.boundIntegrations()).toEqual(['i2'])
  })

  it('forgets a removed integration', async () => {
    await bindings.publish(binding('i1', 'x1'), NOW)
    await bindings.removeIntegration('i1')
    expect(await bindings.boundIntegrations()).toEqual([])
  })
})

describe('BindingHolders', () => {
  const X1 = '00000000-0000-4000-8000-000000000001'
  const X2 = '00000000-0000-4000-8000-000000000002'
  const TENANT = '00000000-0000-4000-8000-00000000000a'
  const INTEGRATION = { id: 'i1', tenantId: TENANT }

  let database: TestDatabase
  let dataSource: DataSource
  let holders: BindingHolders

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    const bindings = new BindingRepository(dataSource)
    holders = new BindingHolders(bindings, new XpertRows(dataSource), new XpertNames(dataSource))
    await bindings.publish(binding('i1', X1), NOW)
  })

  afterEach(() => database.query(`DROP TABLE IF EXISTS xpert`))

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const hostTable = (columns = `"deletedAt" timestamptz, `) =>
    database.query(
      `CREATE TABLE xpert (id uuid, ${columns}"tenantId" uuid, "organizationId" uuid, "workspaceId" uuid, name text,
         type text, slug text, latest boolean)`
    )

  const expert = (id: string, name: string) =>
    database.query(
      `INSERT INTO xpert (id, "tenantId", name, type, slug) VALUES ($1, $2, $3, 'agent', gen_random_uuid())`,
      [id, TENANT, name]
    )

  it('know nobody else where the expert itself holds it, or nobody does', async () => {
    expect(await holders.otherThan(X1, INTEGRATION)).toBeNull()
    expect(await holders.otherThan(X2, { ...INTEGRATION, id: 'i2' })).toBeNull()
  })

  it.each<[string, () => Promise<unknown>]>([
    ['has no such table', async () => undefined],
    ['has a table without marks of what is deleted', () => hostTable('')],
    ['has a table in which the one that asks is not seen', () => hostTable()]
  ])('leave it to its expert, without a name, where the host %s', async (_what, prepare) => {
    await prepare()
    expect(await holders.otherThan(X2, INTEGRATION)).toMatchObject({ xpertId: X1, mayBeReplaced: false })
    expect((await holders.refusal(INTEGRATION)).en_US).toBe('The Lark integration is bound to another Digital Expert.')
  })

  it('do not leave it to one that the host does not have', async () => {
    await hostTable()
    await expert(X2, 'Grace')
    expect(await holders.otherThan(X2, INTEGRATION)).toMatchObject({ xpertId: X1, mayBeReplaced: true })
    expect(await holders.otherThan(X2, { ...INTEGRATION, tenantId: X1 })).toMatchObject({ mayBeReplaced: false })
    await expert(X1, 'Ada')
    expect(await holders.otherThan(X2, INTEGRATION)).toMatchObject({ xpertId: X1, mayBeReplaced: false })
    expect((await holders.refusal(INTEGRATION)).zh_Hans).toContain('Ada')
  })
})
