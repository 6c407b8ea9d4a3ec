import { InboxRepository } from '../../src/inbox'
import { LargeTables } from '../support/large-tables'
import { LARGE_VIEWS, readMessages, ROWS_AT_MOST, STATEMENTS_AT_MOST } from '../support/large-views'

describe('the tabs with 100,000 messages, 20,000 users and 10,000 sessions', () => {
  let tables: LargeTables

  beforeAll(async () => {
    tables = await LargeTables.fill()
  }, 120_000)

  beforeEach(() => tables.forget())

  afterAll(() => tables.end())

  /** Every table is reached by an index: with whole scans made dear, none is left. */
  const expectIndexes = async (): Promise<void> => {
    expect(tables.statements.length).toBeGreaterThan(0)
    expect(tables.statements.length).toBeLessThanOrEqual(STATEMENTS_AT_MOST)
    for (const statement of tables.statements) expect(await tables.wholeScans(statement)).toEqual([])
  }

  it.each(LARGE_VIEWS.map((view) => [view.tab, view.what, view] as const))('%s: %s', async (_tab, _what, view) => {
    expect(await view.read(tables.dataSource)).toMatchObject(view.shown)
    if (view.pageOf) expect(await tables.rowsRead(tables.statements[0]!, view.pageOf)).toBeLessThanOrEqual(ROWS_AT_MOST)
    await expectIndexes()
  })

  describe('Messages', () => {
    const read = (more: { ids?: string[]; names?: string[] }) => readMessages(tables.dataSource, more)

    it('finds the messages of a run and of a conversation', async () => {
      const [run] = await tables.database.query<{ execution: string; conversation: string }>(
        `SELECT turn.execution_id AS execution, session.conversation_id AS conversation FROM plugin_lark_inbound_event event
         JOIN plugin_lark_turn turn ON turn.id = event.turn_id JOIN plugin_lark_session session ON session.id = turn.session_id
         WHERE event.message_id = 'om_1500'`
      )
      expect((await read({ ids: [run!.execution] })).page.map(({ messageId }) => messageId)).toEqual(['om_1500'])
      expect((await read({ ids: [run!.conversation] })).total).toBe(3)
      expect((await read({ ids: [run!.conversation, run!.execution] })).total).toBe(1)
      expect((await read({ ids: [run!.execution, 'om_1500'] })).total).toBe(1)
      expect((await read({ ids: [run!.execution, 'om_1501'] })).total).toBe(0)
    })

    it('finds what fits each of several ids, by an index', async () => {
      const [row] = await tables.database.query<{ chat: string; sender: string }>(
        `SELECT chat_id AS chat, sender_id AS sender FROM plugin_lark_inbound_event WHERE message_id = 'om_1500'`
      )
      const both = await read({ ids: [row!.chat, row!.sender] })
      const [counted] = await tables.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM plugin_lark_inbound_event
         WHERE integration_id = 'big' AND chat_id = $1 AND sender_id = $2`,
        [row!.chat, row!.sender]
      )
      expect(both.total).toBe(counted!.n)
      expect(both.total).toBeGreaterThan(0)
      await expectIndexes()
    })

    it('finds what fits each of several names, and an id beside them', async () => {
      const both = await read({ names: ['Member 1500', 'Group 1500'] })
      expect(both.page.map(({ senderId, chatId }) => [senderId, chatId])).toEqual(
        Array.from({ length: 5 }, () => ['ou_1500', 'oc_1500'])
      )
      expect(both.total).toBe(5)
      await expectIndexes()
      expect((await read({ names: ['Member 1500'], ids: ['om_1500'] })).total).toBe(1)
      expect((await read({ names: ['Member 1500'], ids: ['om_1501'] })).total).toBe(0)
    })

    it('reads no message for a name that nobody has, such as one of another integration', async () => {
      await tables.database.query(
        `UPDATE plugin_lark_user SET name = 'Solveig' WHERE integration_id = 'small' AND open_id = 'ou_1'`
      )
      tables.forget()
      expect((await read({ names: ['Solveig'] })).total).toBe(0)
      for (const statement of tables.statements)
        expect(await tables.rowsRead(statement, 'plugin_lark_inbound_event')).toBe(0)
    })

    it('accepts a failed one again once, whoever asks at the same time, and again only after it failed again', async () => {
      const inbox = new InboxRepository(tables.dataSource)
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
      expect(await new InboxRepository(tables.dataSource).repeat('big', old!.id, new Date())).toBe(expected)
      await expectIndexes()
    })
  })
})
