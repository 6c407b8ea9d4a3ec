import { DataSource, QueryRunner } from 'typeorm'
import { ClaimedEvent, InboxRepository, NewInboundEvent, RecallRepository } from '../../src/inbox'
import { createTestDatabase, TestDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { inboundEvent } from '../support/inbound-event'
import { openPluginTables } from '../support/plugin-tables'
import { SilentDatabase } from '../support/silent-database'

const NOW = new Date('2026-03-01T10:00:00Z')
const ID = '0000000-0000-4000-8000-000000000001'

describe('a message that was taken back', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let inbox: InboxRepository

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    inbox = new InboxRepository(dataSource)
  })

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  it('is dropped with its repetitions, of this inbox and this message only', async () => {
    const recalls = new RecallRepository(dataSource)
    await inbox.insert(inboundEvent('recall', { dedupKey: 'event:recall' }), NOW)
    const [recall] = await inbox.claim(1)
    const failed = async (messageId: string, more: Partial<NewInboundEvent> = {}): Promise<string> => {
      await inbox.insert(inboundEvent(messageId, more), NOW)
      const [claim] = await inbox.claim(1)
      await inbox.end(claim!, 'failed', 'attempts_exhausted', NOW)
      return claim!.id
    }
    const again = async (id: string): Promise<void> =>
      expect(await inbox.repeat('integration', id, NOW)).toBe('accepted')
    const others = await failed('om_1', { inboxKey: 'other:org:feishu:cli_1' })
    const first = await failed('om_1')
    await again(first)
    const [repeated] = await inbox.claim(1)
    await inbox.end(repeated!, 'failed', 'run_failed', NOW)
    await again(first)
    await again(others)
    await inbox.insert(inboundEvent('om_10', { dedupKey: 'message:om_10#1' }), NOW)
    const found = await recalls.drop(recall!, 'om_1', NOW)
    expect(found.map(({ state }) => state).sort()).toEqual(['dropped', 'failed', 'failed'])
    const rows = await database.query(
      `SELECT dedup_key, inbox_key LIKE 'tenant%' AS mine, state, reason, payload IS NOT NULL AS kept
       FROM plugin_lark_inbound_event WHERE message_id LIKE 'om_%' ORDER BY mine DESC, position`
    )
    expect(rows.map(({ dedup_key, state, reason, kept }) => [dedup_key, state, reason, kept])).toEqual([
      ['message:om_1', 'failed', 'attempts_exhausted', false],
      ['message:om_1#1', 'failed', 'run_failed', false],
      ['message:om_1#2', 'dropped', 'recalled', false],
      ['message:om_10#1', 'received', null, true],
      ['message:om_1', 'failed', 'attempts_exhausted', true],
      ['message:om_1#1', 'received', null, true]
    ])
  })

  describe('whose first row somebody holds', () => {
    let recall: ClaimedEvent
    let holder: QueryRunner

    beforeEach(async () => {
      await database.query('TRUNCATE plugin_lark_inbound_event')
      await inbox.insert(inboundEvent('recall', { dedupKey: 'event:recall', lane: 'recalls' }), NOW)
      recall = (await inbox.claim(1))[0]!
      for (const key of ['message:om_1', 'message:om_1#1'])
        await inbox.insert(inboundEvent('om_1', { dedupKey: key }), NOW)
      holder = dataSource.createQueryRunner()
      await holder.startTransaction()
      await holder.query(`SELECT 1 FROM plugin_lark_inbound_event WHERE dedup_key = 'message:om_1' FOR UPDATE`)
    })

    afterEach(async () => {
      if (holder.isTransactionActive) await holder.rollbackTransaction()
      await holder.release()
    })

    const sessions = async (what: string): Promise<number> => {
      const rows = await database.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND ${what}`
      )
      return rows.length
    }
    const areWaiting = (n: number) =>
      eventually(`${n} wait`, async () => (await sessions(`wait_event_type = 'Lock'`)) === n)

    it('is taken back beside an admin who has its repetition answered again', async () => {
      const [first, again] = [`f${ID}`, `0${ID}`]
      await holder.query(
        `UPDATE plugin_lark_inbound_event SET state = 'failed', ended_at = now(),
                id = CASE dedup_key WHEN 'message:om_1' THEN $1::uuid ELSE $2::uuid END WHERE message_id = 'om_1'`,
        [first, again]
      )
      await holder.commitTransaction()
      await holder.startTransaction()
      await holder.query(`SELECT 1 FROM plugin_lark_inbound_event WHERE id = $1 FOR UPDATE`, [first])
      const dropped = new RecallRepository(dataSource).drop(recall, 'om_1', NOW)
      await areWaiting(1)
      const repeated = inbox.repeat('integration', again, NOW)
      await areWaiting(2)
      await holder.commitTransaction()

      expect((await dropped).map(({ state }) => state)).toEqual(['failed', 'failed'])
      expect(await repeated).toBe('not_kept')
    })

    it('does not hold up its chat when its process falls silent', async () => {
      const way = await SilentDatabase.before(database.url)
      const through = await openPluginTables(way.url)
      try {
        const hanging = new RecallRepository(through).drop(recall, 'om_1', NOW).catch(() => undefined)
        await areWaiting(1)
        way.fallSilent()
        await holder.commitTransaction()
        await eventually('it holds the row', async () => (await sessions(`state = 'idle in transaction'`)) === 1)
        expect((await inbox.claim(2)).map(({ messageId }) => messageId)).not.toContain('om_1')
        await eventually('PostgreSQL has ended it', async () => (await sessions(`state = 'idle in transaction'`)) === 0)
        expect((await inbox.claim(2)).map(({ messageId }) => messageId)).toContain('om_1')
        way.speak()
        await hanging
      } finally {
        way.speak()
        await through.destroy()
        way.end()
      }
    })
  })
})
