import { DataSource } from 'typeorm'
import { UserRepository } from '../../src/directory'
import { InboxRepository } from '../../src/inbox'
import { MessageList, MessageQuery } from '../../src/views/message-list'
import { SessionList, SessionQuery } from '../../src/views/session-list'
import { SESSIONS, TablesAtScale } from '../support/tables-at-scale'

const LIMIT = 10_001
const PAGE = { limit: 20, offset: 0 }

describe('the tabs with 100,000 messages, 20,000 users and 10,000 sessions', () => {
  let tables: TablesAtScale
  let dataSource: DataSource

  beforeAll(async () => {
    tables = await TablesAtScale.create()
    dataSource = tables.dataSource
  }, 120_000)

  beforeEach(() => tables.forget())

  afterAll(() => tables.end())

  /** Every table is reached by an index: with whole scans made dear, none is left. */
  const expectIndexes = async (): Promise<void> => {
    const { statements } = tables
    expect(statements.length).toBeGreaterThan(0)
    expect(statements.length).toBeLessThanOrEqual(4)
    for (const statement of [...statements]) {
      const scans = await tables.scansOf(statement, { dearWholeScans: true })
      expect(scans.length).toBeGreaterThan(0)
      expect(scans.filter(({ type }) => type === 'Seq Scan')).toEqual([])
    }
  }

  /** As the planner likes it: a page of the list reads little more than the page, whatever there is behind it. */
  const expectFewRows = async (table: string): Promise<void> => {
    const rows = await tables.rowsRead(tables.statements[0]!, table)
    expect(rows).toBeGreaterThan(0)
    expect(rows).toBeLessThan(100)
  }

  describe('Users', () => {
    const users = () => new UserRepository(dataSource)

    it.each([
      ['the first page', {}, 10_001, 'ou_1'],
      ['by name', { sortBy: 'name' as const, ascending: true }, 10_001, 'ou_1'],
      ['a part of a name', { search: 'member 1999' }, 11, 'ou_1999'],
      ['an id', { search: 'ou_17' }, 1, 'ou_17'],
      ['the last page', { offset: 19_980 }, 10_001, 'ou_19981']
    ])('%s', async (name, more, total, first) => {
      const page = await users().page('big', { ...PAGE, ...more })
      expect(await users().count('big', 'search' in more ? more.search : undefined, LIMIT)).toBe(total)
      expect(page[0]!.openId).toBe(first)
      if (name === 'the first page') await expectFewRows('plugin_lark_user')
      await expectIndexes()
    })

    it('offers 5,000 of them to a form', async () => {
      expect(await users().forPicker('big', 5_000)).toHaveLength(5_000)
      await expectIndexes()
    })
  })

  describe('Sessions', () => {
    const read = async (more: Partial<SessionQuery>) => {
      const list = new SessionList(dataSource)
      const query = { words: [], ...PAGE, ...more }
      return { page: await list.page('big', query), total: await list.count('big', query, LIMIT) }
    }

    it.each([
      ['the first page', {}, SESSIONS],
      ['open ones', { isClosed: false }, SESSIONS / 10],
      ['an id of a sender', { words: ['ou_77'] }, 1],
      ['the name of a group and a person', { words: ['Group 25', 'ou_100'] }, 1],
      ['a deep page', { offset: 9_000, ascending: true }, SESSIONS]
    ])('%s', async (name, more, total) => {
      const found = await read(more)
      if (name === 'the first page') await expectFewRows('plugin_lark_session')
      expect(found.total).toBe(total)
      expect(found.page[0]).toMatchObject({
        chatId: expect.stringMatching(/^oc_/),
        senderName: expect.stringMatching(/^Member/)
      })
      await expectIndexes()
    })
  })

  describe('Messages', () => {
    const now = () => Date.now()
    const days = (count: number) => new Date(now() - count * 86_400_000)
    const read = async (more: Partial<MessageQuery>) => {
      const list = new MessageList(dataSource)
      const search = { from: days(7), until: days(-1), states: [], reasons: [], ids: [], ...more }
      const page = await list.page('big', { withPayload: false, ascending: false, ...PAGE, ...search })
      return { page, total: await list.count('big', search, LIMIT) }
    }

    it.each([
      ['the last seven days, counted up to 10,001', {}, LIMIT, 'om_1'],
      ['failed ones', { states: ['failed'] }, 100, 'om_1000'],
      ['one reason, the newest of too many to count', { reasons: ['not_mentioned'] }, LIMIT, 'om_3'],
      ['a message id', { ids: ['om_99999'] }, 1, 'om_99999'],
      ['a chat', { ids: ['oc_17'] }, 40, 'om_17'],
      ['a deep page', { offset: 90_000 }, LIMIT, 'om_90001']
    ])('%s', async (name, more, total, first) => {
      const found = await read(more)
      if (name.startsWith('the last seven')) await expectFewRows('plugin_lark_inbound_event')
      expect(found.total).toBe(total)
      expect(found.page[0]!.messageId).toBe(first)
      await expectIndexes()
    })

    it('finds the messages of a run and of a conversation', async () => {
      const [run] = await tables.database.query<{ execution: string; conversation: string }>(
        `SELECT turn.execution_id AS execution, session.conversation_id AS conversation FROM plugin_lark_inbound_event event
         JOIN plugin_lark_turn turn ON turn.id = event.turn_id JOIN plugin_lark_session session ON session.id = turn.session_id
         WHERE event.message_id = 'om_1500'`
      )
      expect((await read({ ids: [run!.execution] })).page.map(({ messageId }) => messageId)).toEqual(['om_1500'])
      expect((await read({ ids: [run!.conversation] })).total).toBe(3)
    })

    it('counts what waits and what failed', async () => {
      expect(await new MessageList(dataSource).counts('big', LIMIT)).toMatchObject({ waiting: 0, failed: 100 })
      await expectIndexes()
    })

    it('accepts a failed one again once, whoever asks at the same time, and again only after it failed again', async () => {
      const inbox = new InboxRepository(dataSource)
      const [old] = await tables.database.query<{ id: string }>(
        `UPDATE plugin_lark_inbound_event SET payload = 'kept' WHERE message_id = 'om_1000' AND integration_id = 'big' RETURNING id`
      )
      const repeat = () => inbox.repeat('big', old!.id, new Date())
      expect(await inbox.repeat('small', old!.id, new Date())).toBe('unknown')
      const answers = await Promise.all(Array.from({ length: 5 }, repeat))
      expect(answers.sort()).toEqual(['accepted', 'taken', 'taken', 'taken', 'taken'])
      await tables.database.query(
        `UPDATE plugin_lark_inbound_event SET state = 'failed' WHERE dedup_key = 'message:om_1000#1'`
      )
      expect(await repeat()).toBe('accepted')
      const rows = await tables.database.query(
        `SELECT dedup_key, state, payload FROM plugin_lark_inbound_event
         WHERE message_id = 'om_1000' AND integration_id = 'big' ORDER BY 1`
      )
      expect(rows).toEqual([
        { dedup_key: 'message:om_1000', state: 'failed', payload: 'kept' },
        { dedup_key: 'message:om_1000#1', state: 'failed', payload: 'kept' },
        { dedup_key: 'message:om_1000#2', state: 'received', payload: 'kept' }
      ])
      await tables.database.query(
        `UPDATE plugin_lark_inbound_event SET state = 'answered' WHERE dedup_key = 'message:om_1000#2'`
      )
      expect(await repeat()).toBe('taken')
    })

    it.each([
      ['was refused', 'om_3', 'not_failed'],
      ['has no payload any more', 'om_2000', 'not_kept']
    ])('does not accept again what %s', async (_name, messageId, expected) => {
      const [old] = await tables.database.query<{ id: string }>(
        `SELECT id FROM plugin_lark_inbound_event WHERE message_id = $1 AND integration_id = 'big'`,
        [messageId]
      )
      expect(await new InboxRepository(dataSource).repeat('big', old!.id, new Date())).toBe(expected)
      await expectIndexes()
    })
  })
})
