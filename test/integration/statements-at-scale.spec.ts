import { randomUUID } from 'node:crypto'
import { SingletonJobs } from '../../src/cluster'
import { HistoryRepository } from '../../src/conversation/history.repository'
import { SessionRepository } from '../../src/conversation/session.repository'
import { ScopeIdentity } from '../../src/conversation/session-scope'
import { TurnRepository } from '../../src/conversation/turn.repository'
import { TurnWatchRepository } from '../../src/conversation/turn-watch.repository'
import { KeptPeople, UserRepository } from '../../src/directory'
import { ChatRepository } from '../../src/directory/chat.repository'
import { UnseenPeople } from '../../src/directory/unseen-people'
import { ClaimedEvent, InboxActivity, InboxRepository, UnsettledSenders } from '../../src/inbox'
import { ReceivedMessages } from '../../src/inbox/received-messages.repository'
import { ReopenedRows } from '../../src/inbox/reopened-rows.repository'
import { ReplyLedger } from '../../src/reply'
import { LargeTables } from '../support/large-tables'

const MESSAGE = 'im.message.receive_v1'
const EVENTS_OF_A_RUN = 2_000

const claimOf = (messageId: string): ClaimedEvent => ({
  id: randomUUID(),
  claimToken: randomUUID(),
  attempt: 1,
  eventType: MESSAGE,
  payload: '{}',
  tenantId: 'tenant',
  organizationId: 'org',
  integrationId: 'big',
  messageId,
  chatId: 'oc_1',
  threadId: null,
  senderId: null,
  receivedAt: new Date(0)
})

/** What is asked on a person's way, or every few seconds, must not grow with what is kept. */
describe('statements over 100,000 messages and 10,000 sessions', () => {
  let tables: LargeTables

  beforeAll(async () => {
    tables = await LargeTables.fill()
    await tables.database.query(
      `INSERT INTO plugin_lark_reply (turn_id, integration_id, chat_id, phase, message_id)
       SELECT id, 'big', 'oc_1', 'complete', 'om_answer_' || row_number() OVER () FROM plugin_lark_turn`
    )
    await tables.database.query(
      `UPDATE plugin_lark_turn SET state = 'running', attempt = gen_random_uuid(), dispatched_at = now(), run_started_at = 1,
              applied_sequence = ${EVENTS_OF_A_RUN}
       WHERE position = 3 AND session_id IN (SELECT DISTINCT session_id FROM plugin_lark_turn ORDER BY session_id LIMIT 20)`
    )
    await tables.database.query(
      `INSERT INTO plugin_lark_run_event (attempt, sequence, digest, enqueued_at, received_at, signal)
       SELECT attempt, n, n::text, 1, now() - interval '1 hour', '{}'
       FROM plugin_lark_turn, generate_series(1, ${EVENTS_OF_A_RUN}) AS n WHERE state = 'running'`
    )
    await tables.database.query(
      `UPDATE plugin_lark_user SET last_seen_at = 'epoch', listed_at = now() WHERE source = 'directory'`
    )
    await tables.database.query('ANALYZE')
  }, 120_000)

  beforeEach(() => tables.forget())

  afterAll(() => tables.end())

  const turnOf = async (messageId: string): Promise<string> => {
    const [row] = await tables.database.query<{ turn: string }>(
      `SELECT turn_id AS turn FROM plugin_lark_inbound_event WHERE message_id = $1 AND integration_id = 'big'`,
      [messageId]
    )
    return row!.turn
  }

  const expectIndexes = async (): Promise<void> => {
    expect(tables.statements.length).toBeGreaterThan(0)
    for (const statement of tables.statements) expect(await tables.wholeScans(statement)).toEqual([])
  }

  it.each<[string, () => Promise<unknown>]>([
    [
      'what was said before',
      () =>
        new ReceivedMessages(tables.dataSource).recent(
          {
            eventType: MESSAGE,
            integrationId: 'big',
            chatId: 'oc_1',
            threadId: null,
            rootId: 'om_3',
            senderId: null,
            before: ['om_1'],
            since: null,
            after: ['om_2']
          },
          10
        )
    ],
    [
      'what was told before',
      () => new TurnRepository(tables.dataSource).lastTold({ id: randomUUID(), sessionId: randomUUID() })
    ],
    ['whose answer a quoted message is', () => new ReplyLedger(tables.dataSource).answersAmong('big', ['om_answer_7'])],
    [
      'whether a message is answered otherwise, for Try again',
      async () => new ReopenedRows(tables.dataSource).isRepeated(await turnOf('om_1500'), tables.dataSource.manager)
    ],
    [
      'the topic of a reply',
      () =>
        new InboxRepository(tables.dataSource).joinTopic(claimOf('om_1500'), {
          integrationId: 'big',
          messageId: 'om_7'
        })
    ],
    ['Answer again', () => new InboxRepository(tables.dataSource).repeat('big', randomUUID(), new Date())],
    ['when a callback last came', () => new InboxActivity(tables.dataSource).lastOf('big', 'card.action.trigger')],
    ['whose messages have not ended', () => new UnsettledSenders(tables.dataSource).of('big')],
    ['texts that are to be forgotten', () => new HistoryRepository(tables.dataSource).scrubTurns(new Date(), 500)],
    [
      'counts of bots that are to be forgotten',
      () => new HistoryRepository(tables.dataSource).deleteBotTalks(new Date(), 500)
    ],
    ['answers that are to be forgotten', () => new ReplyLedger(tables.dataSource).scrub(new Date(), 500)]
  ])('%s', async (_what, ask) => {
    await ask()
    await expectIndexes()
  })

  it('the last session of a scope is found without a look at the others', async () => {
    const scope = { integrationId: 'big', scopeKey: 'scope 5', xpertId: 'xpert' } as ScopeIdentity
    await new SessionRepository(tables.dataSource).leaveLast(tables.dataSource.manager, scope, new Date())
    await expectIndexes()
    expect(await tables.rowsTouched(tables.statements[0]!, 'plugin_lark_session')).toBeLessThanOrEqual(3)
  })

  it('a look after running turns reads few of the events that are shown already', async () => {
    const watch = new TurnWatchRepository(tables.dataSource)
    expect(await watch.findOrphans()).toEqual([])
    expect(await watch.findLost()).toHaveLength(20)
    const [orphans, lost] = tables.statements
    expect(await tables.rowsTouched(orphans!, 'plugin_lark_run_event')).toBeLessThanOrEqual(20)
    expect(await tables.rowsTouched(lost!, 'plugin_lark_run_event')).toBeLessThanOrEqual(20 * (32 + 96))
  })

  it.each([0, 60])(
    'a second run of an attempt is heard beside the dead first one, of which %d are shown',
    async (shown) => {
      const watch = new TurnWatchRepository(tables.dataSource)
      const [{ turnId, attempt }] = (await watch.findLost()) as [{ turnId: string; attempt: string }]
      await tables.database.query(`UPDATE plugin_lark_turn SET applied_sequence = $2 WHERE id = $1`, [turnId, shown])
      await tables.database.query(
        `INSERT INTO plugin_lark_run_event (attempt, sequence, digest, enqueued_at, signal)
       SELECT $1, n, 'second ' || n, 2, '{}' FROM generate_series(1, 60) AS n`,
        [attempt]
      )
      expect((await watch.findLost()).map((lost) => lost.turnId)).not.toContain(turnId)
    }
  )

  it('a dispatch that nobody noted is heard without a look at all that its run said', async () => {
    // Before each look: what counts the rows notes the dispatches, too.
    const left = () =>
      tables.database.query(
        `UPDATE plugin_lark_turn SET dispatched_at = NULL, deadline = now() - interval '1 minute' WHERE state = 'running'`
      )
    await left()
    await new TurnWatchRepository(tables.dataSource).noteHeard()
    await expectIndexes()
    await left()
    const [noting] = tables.statements
    expect(await tables.rowsTouched(noting!, 'plugin_lark_turn')).toBeLessThanOrEqual(20 * 5)
    await left()
    expect(await tables.rowsTouched(noting!, 'plugin_lark_run_event')).toBeLessThanOrEqual(20 * 2)
  })

  it('signs that are left are taken and forgotten without a look at answers that have none', async () => {
    await tables.database.query(
      `UPDATE plugin_lark_reply SET reaction_id = 'r', sign_due_at = now() - interval '1 minute'
       WHERE turn_id IN (SELECT turn_id FROM plugin_lark_reply ORDER BY turn_id LIMIT 100)`
    )
    const ledger = new ReplyLedger(tables.dataSource)
    const taken = await ledger.takeLeftSigns(20)
    expect(taken).toHaveLength(20)
    await ledger.forgetSigns(taken)
    await expectIndexes()
    for (const statement of tables.statements)
      expect(await tables.rowsTouched(statement, 'plugin_lark_reply')).toBeLessThanOrEqual(2 * 100)
  })

  describe('people who are not seen any more', () => {
    const TEN_DAYS_AGO = new Date(Date.now() - 10 * 86_400_000)
    const kept: KeptPeople = { of: async () => [] }
    const listed = async () => {
      const [row] = await tables.database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM plugin_lark_user WHERE source = 'directory'`
      )
      return row!.count
    }
    /** A whole read of the big integration that began so many minutes ago. */
    const readFromLark = (minutes: number) =>
      tables.database.query(
        `INSERT INTO plugin_lark_job (name, progress)
         VALUES ('directory:big', json_build_object('state', 'done', 'startedAt', now(), 'wholeSince', now() - $1 * interval '1 minute'))
         ON CONFLICT (name) DO UPDATE SET progress = excluded.progress`,
        [minutes]
      )
    /** Rows that a batch reads, and how many it removes. */
    const batchOf = async (unseen: UnseenPeople, limit: number): Promise<{ removed: number; read: number }> => {
      tables.forget()
      const removed = await unseen.removePeople(TEN_DAYS_AGO, limit)
      let read = 0
      for (const statement of tables.statements.filter(({ sql }) => sql.includes('plugin_lark_user')))
        read += await tables.rowsTouched(statement, 'plugin_lark_user')
      return { removed, read }
    }
    const newRun = () =>
      new UnseenPeople(
        new UserRepository(tables.dataSource),
        new ChatRepository(tables.dataSource),
        kept,
        new SingletonJobs(tables.dataSource)
      )

    it('are found without a look at those whom only a list has named', async () => {
      const unseen = newRun()
      const before = await listed()
      for (let batch = 0; batch < 3; batch += 1) {
        const { removed, read } = await batchOf(unseen, 10)
        expect([removed, read <= 60]).toEqual([10, true])
      }
      expect(await listed()).toBe(before)
    })

    it('are looked for among the listed once for each whole read', async () => {
      const unseen = newRun()
      await readFromLark(20)
      expect((await batchOf(unseen, 5_000)).read).toBeGreaterThan(10_000)
      expect((await batchOf(unseen, 5_000)).read).toBeLessThanOrEqual(60)
      await tables.database.query(
        `UPDATE plugin_lark_user SET listed_at = now() - interval '15 minutes' WHERE open_id = 'ou_1' AND integration_id = 'big'`
      )
      const before = await listed()
      await readFromLark(10)
      expect((await batchOf(unseen, 5_000)).removed).toBe(1)
      expect(await listed()).toBe(before - 1)
    })
  })
})
