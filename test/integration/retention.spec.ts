import { DataSource } from 'typeorm'
import { PluginConfigReader, SingletonJobs } from '../../src/cluster'
import { InboxRepository, InboxRetention } from '../../src/inbox'
import { Clock } from '../../src/shared'
import { createTestDatabase, TestDatabase } from '../support/database'
import { openPluginTables } from '../support/plugin-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const DAY_MS = 24 * 60 * 60_000

class FixedClock extends Clock {
  now(): Date {
    return NOW
  }
}

describe('retention of the inbox', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let jobs: SingletonJobs

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    jobs = new SingletonJobs(dataSource)
  })

  beforeEach(() => database.query('TRUNCATE plugin_lark_inbound_event, plugin_lark_job'))

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const retention = (): InboxRetention =>
    new InboxRetention(new InboxRepository(dataSource), jobs, new PluginConfigReader(() => ({})), new FixedClock())

  const rows = (key: string, daysAgo: number, state: string, count = 1) =>
    database.query(
      `INSERT INTO plugin_lark_inbound_event (id, inbox_key, dedup_key, state, lane, payload, event_type, received_at, ended_at,
                                              tenant_id, integration_id)
       SELECT gen_random_uuid(), 'inbox', $1 || number, $2::varchar, 'lane', '{}', 'type', $3::timestamptz,
              CASE WHEN $2::varchar IN ('received', 'claimed', 'attached') THEN NULL ELSE $3::timestamptz END, 'tenant', 'integration'
       FROM generate_series(1, $4) AS number`,
      [key, state, new Date(NOW.getTime() - daysAgo * DAY_MS), count]
    )
  const kept = async () =>
    (
      await database.query<{ key: string; payload: string | null }>(
        `SELECT left(dedup_key, -1) AS key, payload FROM plugin_lark_inbound_event ORDER BY dedup_key`
      )
    ).map(({ key, payload }) => (payload === null ? `${key} scrubbed` : key))

  it('scrubs payloads after 3 days and deletes rows after 30, and neither while a row is open', async () => {
    await rows('fresh', 2, 'answered')
    await rows('old', 4, 'failed')
    await rows('ancient', 31, 'answered')
    await rows('open', 40, 'attached')
    await retention().run()
    expect(await kept()).toEqual(['fresh', 'old scrubbed', 'open'])
  })

  it('works in batches until everything old is gone', async () => {
    await rows('ancient', 31, 'refused', 1_201)
    await retention().run()
    expect(await kept()).toEqual([])
  })

  it('is done by one instance at a time, and again only after its pause', async () => {
    const [first, second] = await Promise.all([jobs.take('job', 3_600), jobs.take('job', 3_600)])
    expect([first, second].filter((lease) => lease !== null)).toHaveLength(1)
    const lease = (first ?? second)!
    await jobs.giveBack(lease, true)
    expect(await jobs.take('job', 3_600)).toBeNull()
    expect(await jobs.take('job', 0)).not.toBeNull()
  })

  it('is taken over from an instance that died, which then can not write', async () => {
    const dead = (await jobs.take('job', 0))!
    expect(await jobs.take('job', 0)).toBeNull()
    await database.query(`UPDATE plugin_lark_job SET lease_expires_at = now() - interval '1 second'`)
    const heir = (await jobs.take('job', 0))!
    expect(await jobs.isMine(dead)).toBe(false)
    await jobs.giveBack(dead, true)
    expect(await jobs.isMine(heir)).toBe(true)
  })

  it('goes on where its last worker stopped, who writes nothing over what its heir has done', async () => {
    const running = { state: 'running' as const }
    await jobs.ask('directory:a', { at: 0 }, running)
    const [dead] = await jobs.takeOpen('directory:', 10)
    expect(await jobs.advance(dead!, { at: 1 }, running)).toBe(true)
    expect(await jobs.takeOpen('directory:', 10)).toEqual([])
    await database.query(`UPDATE plugin_lark_job SET lease_expires_at = now() - interval '1 second'`)
    const [heir] = await jobs.takeOpen('directory:', 10)
    expect(heir).toMatchObject({ cursor: { at: 1 } })
    expect(await jobs.advance(heir!, { at: 2 }, running)).toBe(true)
    expect(await jobs.advance(dead!, { at: 9 }, { state: 'done' })).toBe(false)
    expect(await database.query(`SELECT cursor, progress FROM plugin_lark_job`)).toEqual([
      { cursor: { at: 2 }, progress: running }
    ])
  })

  it('is nobody else’s while its worker advances', async () => {
    await jobs.ask('directory:a', { at: 0 }, { state: 'running' })
    const [lease] = await jobs.takeOpen('directory:', 10)
    await database.query(`UPDATE plugin_lark_job SET lease_expires_at = now() - interval '1 second'`)
    await jobs.advance(lease!, { at: 1 }, { state: 'running' })
    expect(await jobs.takeOpen('directory:', 10)).toEqual([])
  })
})
