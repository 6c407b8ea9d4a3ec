import { DataSource } from 'typeorm'
import { InboxRepository, NewInboundEvent, RecallRepository } from '../../src/inbox'
import { createTestDatabase, TestDatabase } from '../support/database'
import { inboundEvent } from '../support/inbound-event'
import { openPluginTables } from '../support/plugin-tables'

const NOW = new Date('2026-03-01T10:00:00Z')

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
})
