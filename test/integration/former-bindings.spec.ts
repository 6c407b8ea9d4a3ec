import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { SingletonJobs } from '../../src/cluster'
import { XpertRows } from '../../src/host'
import { FormerBindings } from '../../src/trigger'
import { createTestDatabase, TestDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { openPluginTables } from '../support/plugin-tables'

const FORMER = 'plugin_lark_trigger_binding'

describe('the bindings of the public plugin', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let started: FormerBindings[]
  const integrationId = randomUUID()

  beforeEach(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    started = []
    const xpertId = randomUUID()
    await database.query(`
      CREATE TABLE integration (id uuid, provider text, "tenantId" uuid DEFAULT gen_random_uuid(), "organizationId" uuid);
      CREATE TABLE xpert (id uuid, "deletedAt" timestamptz);
      CREATE TABLE ${FORMER} ("integrationId" varchar(36), "xpertId" varchar(36));
      INSERT INTO integration VALUES ('${integrationId}', 'lark');
      INSERT INTO xpert VALUES ('${xpertId}');
      INSERT INTO ${FORMER} VALUES ('${integrationId}', '${xpertId}')`)
  })

  afterEach(async () => {
    await Promise.all(started.map((instance) => instance.stop()))
    await dataSource.destroy()
    await database.drop()
  })

  const start = async (experts = new XpertRows(dataSource)): Promise<FormerBindings> => {
    const instance = new FormerBindings(dataSource, new SingletonJobs(dataSource), experts)
    started.push(instance)
    await instance.start()
    return instance
  }
  const bound = async () =>
    (await database.query<{ id: string }>(`SELECT integration_id AS id FROM plugin_lark_binding`)).map(({ id }) => id)
  const areTakenOver = () =>
    eventually('they are taken over', async () => (await bound()).includes(integrationId), 60_000)

  it('are taken over before the start is done', async () => {
    await start()
    expect(await bound()).toEqual([integrationId])
  })

  it('are taken over later where they could not be read at first', async () => {
    await database.query(`
      ALTER TABLE ${FORMER} RENAME TO elsewhere;
      CREATE VIEW ${FORMER} AS SELECT 1 / 0 AS "integrationId"`)
    await start()
    expect(await bound()).toEqual([])
    await database.query(`DROP VIEW ${FORMER}; ALTER TABLE elsewhere RENAME TO ${FORMER}`)
    await areTakenOver()
  })

  it('are taken over by another instance where the first one died at it', async () => {
    class Dying extends XpertRows {
      override gone(): Promise<ReadonlySet<string>> {
        return new Promise(() => undefined)
      }
    }
    void new FormerBindings(dataSource, new SingletonJobs(dataSource), new Dying(dataSource)).start()
    const held = () => database.query(`SELECT 1 FROM plugin_lark_job WHERE lease_expires_at IS NOT NULL`)
    await eventually('the first one is at it', async () => (await held()).length === 1)
    await start()
    expect(await bound()).toEqual([])
    await database.query(`UPDATE plugin_lark_job SET lease_expires_at = now() - interval '1 second'`)
    await areTakenOver()
  })

  it('do not come back, whoever starts, once they were taken over', async () => {
    await start()
    await database.query(`DELETE FROM plugin_lark_binding`)
    await start()
    expect(await bound()).toEqual([])
  })
})
