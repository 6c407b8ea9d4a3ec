import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { InstanceIdentity, InstanceRegistry } from '../../src/cluster'
import { SessionCleanup } from '../../src/conversation/session-cleanup'
import { Directory, UserRepository } from '../../src/directory'
import { ChatRepository } from '../../src/directory/chat.repository'
import { MessageEvent } from '../../src/lark'
import { ReplyLedger } from '../../src/reply'
import { Clock } from '../../src/shared'
import { conversationParts, FixedClock, newTurn } from '../support/conversation-parts'
import { createTestDatabase, TestDatabase } from '../support/database'
import { larkIntegration } from '../support/lark-integration'
import { openPluginTables } from '../support/plugin-tables'
import { eventually } from '../support/eventually'
import { SilentDatabase } from '../support/silent-database'
import { TestClock } from '../support/webhook-parts'

const NOW = new Date('2026-03-01T10:00:00Z')

describe('what is kept for the tabs and for the other instances', () => {
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

  describe('Directory', () => {
    const integration = larkIntegration()
    const message = (openId: string, unionId?: string): MessageEvent => ({
      eventId: 'e',
      appId: 'cli_1',
      tenantKey: 't',
      messageId: 'om_1',
      chatId: 'oc_1',
      chatType: 'p2p',
      messageType: 'text',
      content: '{}',
      mentions: [],
      mentionsAll: false,
      sender: { openId, unionId, type: 'user' },
      createTime: NOW
    })
    const directory = (clock: Clock) =>
      new Directory(new UserRepository(dataSource), new ChatRepository(dataSource), clock)
    const users = () =>
      database.query(`SELECT open_id, union_id, last_seen_at, source FROM plugin_lark_user ORDER BY 1`)

    it('records a sender and the chat once, and learns what it did not know', async () => {
      const clock = new FixedClock(NOW)
      void directory(clock).saw(integration, message('ou_1'))
      await eventually(
        'the chat is recorded',
        async () => (await database.query(`SELECT 1 FROM plugin_lark_chat`)).length === 1
      )
      expect(await users()).toEqual([{ open_id: 'ou_1', union_id: null, last_seen_at: NOW, source: 'message' }])

      const later = new Date(NOW.getTime() + 3_600_000)
      void directory(new FixedClock(later)).saw(integration, message('ou_1', 'on_1'))
      await eventually('the union_id is learnt', async () => (await users())[0]!.union_id === 'on_1')
      expect(await users()).toEqual([{ open_id: 'ou_1', union_id: 'on_1', last_seen_at: later, source: 'message' }])
    })

    it('records who goes on writing once in ten minutes', async () => {
      const clock = new TestClock(NOW)
      const seenBy = directory(clock)
      const seenAt = async () => (await users()).find((user) => user.open_id === 'ou_2')?.last_seen_at
      seenBy.saw(integration, message('ou_2'))
      await eventually('the person is recorded', async () => (await seenAt()) !== undefined)

      clock.advance(10 * 60_000 - 1_000)
      seenBy.saw(integration, message('ou_2'))
      clock.advance(2_000)
      seenBy.saw(integration, message('ou_2'))
      await eventually('the person is seen again', async () => Number(await seenAt()) !== NOW.getTime())
      expect(await seenAt()).toEqual(clock.now())
    })

    it('finds people by a part of their name as it is typed, in any case of letters', async () => {
      const users = new UserRepository(dataSource)
      const owner = { integrationId: 'searched', tenantId: 't', organizationId: null }
      const names = ['Mei 100%', 'Mei 1000', 'Mei_a', 'Meila']
      const people = names.map((name) => ({ openId: `ou of ${name}`, name, source: 'message' as const }))
      await users.record(owner, people, NOW)
      const found = async (search: string) =>
        (await users.page('searched', { search, sortBy: 'name', ascending: true, limit: 10, offset: 0 })).map(
          ({ name }) => name
        )
      expect(await found('0%')).toEqual(['Mei 100%'])
      expect(await found('I_A')).toEqual(['Mei_a'])
      expect(await found('ou of Meila')).toEqual(['Meila'])
      expect(await users.count('searched', '0%', 10)).toBe(1)
      await users.removeIntegration('searched')
    })

    it('forgets all of a removed integration', async () => {
      await directory(new FixedClock(NOW)).integrationRemoved(integration.id)
      expect(await users()).toEqual([])
      expect(await database.query(`SELECT 1 FROM plugin_lark_chat`)).toEqual([])
    })
  })

  describe('InstanceRegistry', () => {
    const instances = () =>
      database.query(`SELECT heartbeat_at > now() - interval '5 seconds' AS fresh FROM plugin_lark_instance`)

    it('keeps one row a living process, removes what is long dead, and leaves with its process', async () => {
      const registry = new InstanceRegistry(dataSource, new InstanceIdentity())
      const other = new InstanceRegistry(dataSource, new InstanceIdentity())
      await other.start()
      await database.query(`UPDATE plugin_lark_instance SET heartbeat_at = now() - interval '2 days'`)
      await registry.start()
      expect(await instances()).toEqual([{ fresh: true }])
      expect(await registry.countLiving()).toBe(1)
      const second = new InstanceRegistry(dataSource, new InstanceIdentity())
      await second.start()
      expect([registry.living, second.living]).toEqual([1, 2])
      expect([await registry.countLiving(), await second.countLiving()]).toEqual([2, 2])
      expect([registry.living, second.living]).toEqual([2, 2])
      await second.stop()
      await Promise.all([registry.stop(), other.stop()])
      expect(await instances()).toEqual([])
    })

    it('says what each other living process last wrote, and nothing of the dead or of itself', async () => {
      const instance = (calls: number) => {
        const identity = new InstanceIdentity()
        const registry = new InstanceRegistry(dataSource, identity)
        registry.report('lark', () => ({ app: { calls } }))
        return { registry, id: identity.id }
      }
      const [asking, dead] = [instance(1), instance(3)]
      const all = [asking, instance(2), dead]
      await Promise.all(all.map(({ registry }) => registry.start()))
      await database.query(`UPDATE plugin_lark_instance SET heartbeat_at = now() - interval '1 minute' WHERE id = $1`, [
        dead.id
      ])
      expect(await asking.registry.othersOn('lark', 'app')).toEqual([{ calls: 2 }])
      expect(await asking.registry.othersOn('lark', 'another app')).toEqual([])
      await Promise.all(all.map(({ registry }) => registry.stop()))
    })

    it('goes on living when a heartbeat hangs on a dead connection', async () => {
      const way = await SilentDatabase.before(database.url)
      const through = await new DataSource({ type: 'postgres', url: way.url }).initialize()
      const registry = new InstanceRegistry(through, new InstanceIdentity())
      try {
        await registry.start()
        way.loseOpen()
        await database.query(`UPDATE plugin_lark_instance SET heartbeat_at = now() - interval '1 minute'`)
        await eventually('it lives again', async () => (await instances())[0]?.fresh === true, 40_000)
      } finally {
        way.speak()
        await registry.stop()
        await through.destroy()
        way.end()
      }
    })
  })

  describe('SessionCleanup', () => {
    it('closes the open sessions of a removed integration and no other', async () => {
      const { conversations, turns, sessions, outcome, clock } = conversationParts(dataSource, NOW)
      await conversations.open(newTurn('m1'), async () => undefined)
      await conversations.open(newTurn('m2', { integrationId: 'other' }), async () => undefined)
      const ledger = new ReplyLedger(dataSource)
      for (const integrationId of ['integration', 'other']) {
        const held = await ledger.acquire({ turnId: randomUUID(), integrationId, chatId: 'oc_1' })
        await ledger.save({ ...held!, phase: 'waiting', text: 'Let me see.' }, true)
      }
      await new SessionCleanup(turns, sessions, outcome, ledger, clock).integrationRemoved('integration')
      expect(await database.query(`SELECT integration_id, closed_at FROM plugin_lark_session ORDER BY 1`)).toEqual([
        { integration_id: 'integration', closed_at: NOW },
        { integration_id: 'other', closed_at: null }
      ])
      expect(
        await database.query(`SELECT state, reason, messages->0->>'text' AS text FROM plugin_lark_turn ORDER BY 1`)
      ).toEqual([
        { state: 'ended', reason: 'integration_removed', text: null },
        { state: 'running', reason: null, text: 'text of m2' }
      ])
      expect(outcome.ended).toMatchObject([{ outcome: 'dropped', reason: 'integration_removed' }])
      await ledger.scrub(new Date(Date.now() + 60_000), 10)
      expect(await database.query(`SELECT integration_id, text FROM plugin_lark_reply ORDER BY 1`)).toEqual([
        { integration_id: 'integration', text: null },
        { integration_id: 'other', text: 'Let me see.' }
      ])
    })
  })
})
