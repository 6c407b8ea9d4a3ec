import { randomUUID } from 'node:crypto'
import { RunningTurn } from '../../src/conversation/turn-row'
import { HostConversations } from '../../src/host'
import { conversationParts } from '../support/conversation-parts'
import { TurnTables } from '../support/turn-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const FAILED = { outcome: 'failed', reason: 'run_failed' } as const

describe('runs that the host refused, in PostgreSQL', () => {
  const tables = new TurnTables(NOW)
  const { open, running } = tables
  const conversationId = randomUUID()
  const xpertId = randomUUID()

  const session = async () => {
    const [row] = await tables.database.query<{ conversation_id: string | null; refused_runs: number }>(
      `SELECT conversation_id, refused_runs FROM plugin_lark_session`
    )
    return row
  }
  const next = async (messageId: string) => running(await open(messageId, { xpertId }))
  /** A turn of a session whose conversation is known. */
  const begun = async () => {
    await tables.parts.attempts.end(
      { ...(await next('m1')), conversationId },
      { outcome: 'answered', reason: 'answered' }
    )
    return next('m2')
  }

  describe('where its tables can not be read', () => {
    const isLost = async (turn: Awaited<ReturnType<typeof next>>, isRefused: boolean) =>
      (await tables.parts.contexts.conversationOf(turn, isRefused)) === 'lost'

    it('give the conversation up when there were two in a row', async () => {
      const first = await begun()
      expect(await isLost(first, true)).toBe(false)
      await tables.parts.attempts.end(first, { ...FAILED, conversation: 'refused' })
      const second = await next('m3')
      expect(await isLost(second, true)).toBe(true)
      expect(await isLost(second, false)).toBe(false)
    })

    it('do not where a run began between them', async () => {
      await tables.parts.attempts.end(await begun(), { ...FAILED, conversation: 'refused' })
      await tables.parts.attempts.end(await next('m3'), FAILED)
      const third = await next('m4')
      expect(await isLost(third, true)).toBe(false)
      expect(await session()).toEqual({ conversation_id: conversationId, refused_runs: 0 })
    })

    it('say nothing of a run that was to begin a conversation', async () => {
      const turn = await next('m1')
      expect(await isLost({ ...turn, refusedRuns: 1 }, true)).toBe(false)
    })
  })

  describe('for a conversation that is gone', () => {
    const dispatched = () =>
      tables.parts.host.queued
        .filter(({ type }) => type === 'agent.chat_dispatch.v1')
        .map(({ id, payload }) => [id, (payload as { request: { conversationId?: string } }).request.conversationId])

    it('are dispatched once more without it, once, however many instances notice', async () => {
      const turn = await begun()
      const other = conversationParts(tables.dataSource, NOW)
      const tries = Array.from({ length: 6 }, (_, index) =>
        (index % 2 ? other : tables.parts).attempts.dispatchAnew(turn)
      )
      expect((await Promise.all(tries)).filter((done) => done)).toHaveLength(1)
      const again = await running(turn.id)
      expect(again).toMatchObject({ attemptNumber: 2, conversationId: null, messages: turn.messages })
      const queued = [...tables.parts.host.queued, ...other.host.queued].filter(({ id }) => id === again.attempt)
      expect(queued).toHaveLength(1)
      expect(queued[0]!.payload).not.toHaveProperty('request.conversationId')
      expect([...tables.parts.host.queued, ...other.host.queued].map(({ type }) => type)).not.toContain(
        'plugin.lark.cancel_run.v1'
      )
      expect(await session()).toEqual({ conversation_id: null, refused_runs: 0 })
    })

    it('are not when somebody stopped the turn, and the session keeps what it has', async () => {
      const turn = await begun()
      await tables.parts.stops.stop({ turnId: turn.id }, 'stopped')
      expect(await tables.parts.attempts.dispatchAnew(turn)).toBe(false)
      expect(await session()).toMatchObject({ conversation_id: conversationId })
    })

    it('leave another conversation alone that the session has by now', async () => {
      const turn = await begun()
      const another = randomUUID()
      await tables.database.query(`UPDATE plugin_lark_session SET conversation_id = $1`, [another])
      await tables.parts.attempts.end(turn, { outcome: 'failed', reason: 'conversation_gone', conversation: 'gone' })
      expect(await session()).toMatchObject({ conversation_id: another })
    })

    it('let what waits behind them begin a new one', async () => {
      const turn = await begun()
      const waiting = await open('m3', { xpertId })
      await tables.parts.attempts.end(turn, { outcome: 'failed', reason: 'conversation_gone', conversation: 'gone' })
      const { attempt } = await running(waiting)
      expect(dispatched().at(-1)).toEqual([attempt, undefined])
    })
  })

  describe('what the host has of a conversation', () => {
    const [tenantId, userId] = [randomUUID(), randomUUID()]
    const look = () => new HostConversations(tables.dataSource).look({ conversationId, tenantId, xpertId })
    const own = { id: conversationId, tenantId, xpertId, createdById: userId }
    const keep = (row: Record<string, string | null>) =>
      tables.database.query(
        `CREATE TABLE chat_conversation (id uuid, "tenantId" uuid, "deletedAt" timestamptz, "xpertId" uuid, "createdById" uuid);
         CREATE TABLE xpert (id uuid, "userId" uuid);
         INSERT INTO xpert VALUES ('${xpertId}', '${userId}');
         INSERT INTO chat_conversation SELECT * FROM json_populate_record(NULL::chat_conversation, '${JSON.stringify(row)}')`
      )

    afterEach(() => tables.database.query(`DROP TABLE IF EXISTS chat_conversation, xpert`))

    it.each([
      ['there', 'its own', own],
      ['there', 'one of which no creator is known', { ...own, createdById: null }],
      ['gone', 'none', { ...own, id: randomUUID() }],
      ['gone', 'one of another tenant', { ...own, tenantId: randomUUID() }],
      ['gone', 'a deleted one', { ...own, deletedAt: '2026-02-01T00:00:00Z' }],
      ['others', 'nobody’s', { ...own, xpertId: null }],
      ['others', 'another expert’s', { ...own, xpertId: randomUUID() }],
      ['others', 'another user’s', { ...own, createdById: randomUUID() }]
    ])('is %s: %s', async (expected, _what, row) => {
      await keep(row)
      expect(await look()).toBe(expected)
    })

    it('costs the conversation where it is gone, or another’s and refused; not where it is there, however often', async () => {
      const found = async (isRefused: boolean) =>
        tables.parts.contexts.conversationOf(
          { conversationId, tenantId, xpertId, refusedRuns: 5 } as RunningTurn,
          isRefused
        )
      await keep(own)
      expect([await found(false), await found(true)]).toEqual(['kept', 'kept'])
      await tables.database.query(`UPDATE chat_conversation SET "createdById" = gen_random_uuid()`)
      expect([await found(false), await found(true)]).toEqual(['kept', 'lost'])
      await tables.database.query(`DELETE FROM chat_conversation`)
      expect([await found(false), await found(true)]).toEqual(['lost', 'lost'])
    })

    it.each([
      ['no such table', `DROP TABLE chat_conversation`],
      ['other columns', `ALTER TABLE chat_conversation DROP COLUMN "xpertId"`]
    ])('is unknown with %s', async (_what, change) => {
      await keep(own)
      await tables.database.query(change)
      expect(await look()).toBe('unknown')
    })

    it('is known where nothing is deleted softly, and experts have no user', async () => {
      await keep(own)
      await tables.database.query(
        `ALTER TABLE chat_conversation DROP COLUMN "deletedAt"; ALTER TABLE xpert DROP COLUMN "userId"`
      )
      expect(await look()).toBe('there')
    })
  })
})
