import { DataSource } from 'typeorm'
import { createTestDatabase, TestDatabase } from '../support/database'
import { openPluginTables } from '../support/plugin-tables'

describe('the tables that the host makes from the entities', () => {
  let database: TestDatabase
  let dataSource: DataSource

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
  })

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  it('are the twelve of docs/architecture.md, each in the plugin’s namespace', async () => {
    const rows = await database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`
    )
    expect(rows.map(({ name }) => name.replace(/^plugin_lark_/, ''))).toEqual([
      'binding',
      'bot_talk',
      'chat',
      'connection',
      'inbound_event',
      'instance',
      'job',
      'reply',
      'run_event',
      'session',
      'turn',
      'user'
    ])
    expect(rows.every(({ name }) => name.startsWith('plugin_lark_'))).toBe(true)
  })

  it('stay as they are when the host starts again', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log()
    expect(upQueries.map(({ query }) => query)).toEqual([])
  })

  it('keep their rows through a second synchronisation', async () => {
    await database.query(
      `INSERT INTO plugin_lark_binding (integration_id, xpert_id, tenant_id, config, published_at) VALUES ('i', 'x', 't', '{}', now())`
    )
    await dataSource.synchronize()
    expect(await database.query(`SELECT integration_id FROM plugin_lark_binding`)).toEqual([{ integration_id: 'i' }])
  })
})
