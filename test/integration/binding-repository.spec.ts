import { DataSource } from 'typeorm'
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
