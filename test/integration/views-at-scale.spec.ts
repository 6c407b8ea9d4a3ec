import { DataSource } from 'typeorm'
import { UserRepository } from '../../src/directory'
import { InboxRepository } from '../../src/inbox'
import { MessageList, MessageQuery } from '../../src/views/message-list'
import { SessionList, SessionQuery } from '../../src/views/session-list'
import { createTestDatabase, TestDatabase } from '../support/database'
import { openPluginTables } from '../support/plugin-tables'

const MESSAGES = 100_000
const USERS = 20_000
const SESSIONS = 10_000
const LIMIT = 10_001
const PAGE = { limit: 20, offset: 0 }

/** One integration with all of it, and a second one with a tenth, so that a plan that ignores whose rows they are shows. */
const FILL = [
  `INSERT INTO plugin_lark_user (integration_id, tenant_id, open_id, name, source, last_seen_at)
   SELECT owner, 't', 'ou_' || n, 'Member ' || n, CASE WHEN n % 4 = 0 THEN 'message' ELSE 'directory' END, now() - n * interval '1 minute'
   FROM (VALUES ('big', ${USERS}), ('small', ${USERS / 10})) AS one (owner, count), generate_series(1, count) AS n`,
  `INSERT INTO plugin_lark_chat (integration_id, tenant_id, chat_id, chat_type, name, source, last_seen_at)
   SELECT 'big', 't', 'oc_' || n, 'group', 'Group ' || n, 'message', now() FROM generate_series(1, ${SESSIONS / 4}) AS n`,
  `INSERT INTO plugin_lark_session (id, integration_id, tenant_id, scope_key, xpert_id, chat_type, chat_id, sender_id, conversation_id,
     created_at, last_activity_at, closed_at)
   SELECT gen_random_uuid(), owner, 't', 'scope ' || n, 'xpert', 'group', 'oc_' || n / 4, 'ou_' || n, gen_random_uuid(),
     now(), now() - n * interval '5 minutes', CASE WHEN n % 10 > 0 THEN now() END
   FROM (VALUES ('big', ${SESSIONS}), ('small', ${SESSIONS / 10})) AS one (owner, count), generate_series(1, count) AS n`,
  `INSERT INTO plugin_lark_turn (id, session_id, position, state, sender_id, messages, anchor_message_id, execution_id, created_at)
   SELECT gen_random_uuid(), session.id, n, 'ended', 'ou_1', '[]', 'om_1', gen_random_uuid(), now()
   FROM plugin_lark_session session, generate_series(1, 3) AS n
   WHERE integration_id = 'big' AND last_activity_at > now() - interval '5000 minutes'`,
  `INSERT INTO plugin_lark_inbound_event (id, inbox_key, dedup_key, lane, event_type, tenant_id, integration_id, state, reason,
     message_id, chat_id, sender_id, received_at, ended_at, turn_id)
   SELECT gen_random_uuid(), owner, 'message:om_' || n, owner, 'im.message.receive_v1', 't', owner,
     CASE WHEN n % 1000 = 0 THEN 'failed' WHEN n % 3 = 0 THEN 'refused' ELSE 'answered' END,
     CASE WHEN n % 1000 = 0 THEN 'run_failed' WHEN n % 3 = 0 THEN 'not_mentioned' ELSE 'answered' END,
     'om_' || n, 'oc_' || n % 2500, 'ou_' || n % 20000, now() - n * interval '6 seconds', now(), turn.id
   FROM (VALUES ('big', ${MESSAGES}), ('small', ${MESSAGES / 10})) AS one (owner, count)
   CROSS JOIN LATERAL generate_series(1, count) AS n
   LEFT JOIN (SELECT id, row_number() OVER () AS number FROM plugin_lark_turn) turn ON turn.number = n AND owner = 'big'`,
  'ANALYZE'
]

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  Plans?: Plan[]
}

interface ExplainRow {
  'QUERY PLAN': { Plan: Plan }[]
}

interface Statement {
  sql: string
  parameters: unknown[]
}

describe('the tabs with 100,000 messages, 20,000 users and 10,000 sessions', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let statements: Statement[]

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    for (const sql of FILL) await database.query(sql)
    const query = dataSource.query.bind(dataSource)
    dataSource.query = (async (sql: string, parameters: unknown[]) => {
      statements.push({ sql, parameters })
      return query(sql, parameters)
    }) as typeof dataSource.query
  }, 120_000)

  beforeEach(() => {
    statements = []
  })

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]

  const planOf = async ({ sql, parameters }: Statement, options: string, setting: string): Promise<Plan[]> => {
    const runner = dataSource.createQueryRunner()
    try {
      await runner.query(setting)
      const [row] = (await runner.query(`EXPLAIN (FORMAT JSON${options}) ${sql}`, parameters)) as ExplainRow[]
      return nodes(row!['QUERY PLAN'][0]!.Plan).filter((plan) => 'Relation Name' in plan)
    } finally {
      await runner.query('RESET enable_seqscan')
      await runner.release()
    }
  }

  /** Every table is reached by an index: with whole scans made dear, none is left. */
  const expectIndexes = async (): Promise<void> => {
    expect(statements.length).toBeGreaterThan(0)
    expect(statements.length).toBeLessThanOrEqual(4)
    const asked = [...statements]
    for (const statement of asked) {
      const plans = await planOf(statement, '', 'SET enable_seqscan = off')
      expect(plans.length).toBeGreaterThan(0)
      expect(plans.filter((plan) => plan['Node Type'] === 'Seq Scan')).toEqual([])
    }
  }

  /** As the planner likes it: a page of the list reads little more than the page, whatever there is behind it. */
  const expectFewRows = async (table: string): Promise<void> => {
    const [page] = statements
    const plans = await planOf(page!, ', ANALYZE', 'SET enable_seqscan = on')
    const read = plans
      .filter((plan) => plan['Relation Name'] === table)
      .map((plan) => plan['Actual Rows']! * plan['Actual Loops']!)
    expect(read.length).toBeGreaterThan(0)
    expect(Math.max(...read)).toBeLessThan(100)
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
      const [run] = await database.query<{ execution: string; conversation: string }>(
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
      const [old] = await database.query<{ id: string }>(
        `UPDATE plugin_lark_inbound_event SET payload = 'kept' WHERE message_id = 'om_1000' AND integration_id = 'big' RETURNING id`
      )
      const repeat = () => inbox.repeat('big', old!.id, new Date())
      expect(await inbox.repeat('small', old!.id, new Date())).toBe('unknown')
      const answers = await Promise.all(Array.from({ length: 5 }, repeat))
      expect(answers.sort()).toEqual(['accepted', 'taken', 'taken', 'taken', 'taken'])
      await database.query(
        `UPDATE plugin_lark_inbound_event SET state = 'failed' WHERE dedup_key = 'message:om_1000#1'`
      )
      expect(await repeat()).toBe('accepted')
      const rows = await database.query(
        `SELECT dedup_key, state, payload FROM plugin_lark_inbound_event
         WHERE message_id = 'om_1000' AND integration_id = 'big' ORDER BY 1`
      )
      expect(rows).toEqual([
        { dedup_key: 'message:om_1000', state: 'failed', payload: 'kept' },
        { dedup_key: 'message:om_1000#1', state: 'failed', payload: 'kept' },
        { dedup_key: 'message:om_1000#2', state: 'received', payload: 'kept' }
      ])
      await database.query(
        `UPDATE plugin_lark_inbound_event SET state = 'answered' WHERE dedup_key = 'message:om_1000#2'`
      )
      expect(await repeat()).toBe('taken')
    })

    it.each([
      ['was refused', 'om_3', 'not_failed'],
      ['has no payload any more', 'om_2000', 'not_kept']
    ])('does not accept again what %s', async (_name, messageId, expected) => {
      const [old] = await database.query<{ id: string }>(
        `SELECT id FROM plugin_lark_inbound_event WHERE message_id = $1 AND integration_id = 'big'`,
        [messageId]
      )
      expect(await new InboxRepository(dataSource).repeat('big', old!.id, new Date())).toBe(expected)
      await expectIndexes()
    })
  })
})
