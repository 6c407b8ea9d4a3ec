import { ClickedTurnRepository } from '../../src/conversation/clicked-turn.repository'
import { RunningTurn } from '../../src/conversation/turn-row'
import { newTurn } from '../support/conversation-parts'
import { eventually } from '../support/eventually'
import { TurnTables } from '../support/turn-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const QUESTION = { tasks: [{ name: 'send_mail' }] }
const RESUME = {
  conversationId: 'conversation-1',
  target: { executionId: 'execution-1' },
  decision: { type: 'confirm' as const }
}
const nothing = async (): Promise<void> => undefined

interface PlanNode {
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: PlanNode[]
}

/** Of the turns' table, those that no condition let through too. */
const rowsOf = (plan: PlanNode): number => {
  const here = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
  const below = (plan.Plans ?? []).map(rowsOf)
  return below.reduce((sum, rows) => sum + rows, plan['Relation Name'] === 'plugin_lark_turn' ? here : 0)
}

describe('further attempts of a turn, in PostgreSQL', () => {
  const tables = new TurnTables(NOW)
  const { open, rows, running } = tables
  const queued = (type: string) => tables.parts.host.queued.filter((message) => message.type === type)
  const dispatches = () => queued('agent.chat_dispatch.v1')
  const cancels = () => queued('plugin.lark.cancel_run.v1')
  const event = (turn: RunningTurn, sequence: number) => ({
    attempt: turn.attempt,
    sequence,
    enqueuedAt: 1,
    context: {},
    signal: { type: 'text' as const, streamId: 's', text: 'late' }
  })

  describe('after a dead one', () => {
    it('dispatches the same question again, cancels the former, and hears nothing of it any more', async () => {
      const turn = await running(await open('m1'))
      await tables.parts.events.store([{ turnId: turn.id, callback: event(turn, 1) }])
      expect(await tables.parts.attempts.dispatchAgain({ ...turn, conversationId: 'conversation-1' })).toBe(true)
      const again = await running(turn.id)
      expect(again).toMatchObject({ attemptNumber: 2, runStartedAt: null, appliedSequence: 0, messages: turn.messages })
      expect(again.attempt).not.toBe(turn.attempt)
      expect(again.executionId).not.toBe(turn.executionId)
      expect(dispatches().map(({ id }) => id)).toEqual([turn.attempt, again.attempt])
      expect(dispatches()[1]!.payload).toMatchObject({ request: { conversationId: 'conversation-1' } })
      expect(cancels().map(({ payload }) => payload)).toEqual([
        { turnId: turn.id, attempt: turn.attempt, executionId: turn.executionId, conversationId: 'conversation-1' }
      ])
      await tables.parts.events.store([{ turnId: turn.id, callback: event(turn, 2) }])
      expect(await tables.database.query(`SELECT 1 FROM plugin_lark_run_event`)).toEqual([])
    })

    it('happens once, however many notice it', async () => {
      const turn = await running(await open('m1'))
      const done = await Promise.all(Array.from({ length: 6 }, () => tables.parts.attempts.dispatchAgain(turn)))
      expect(done.filter((one) => one)).toHaveLength(1)
      expect(dispatches()).toHaveLength(2)
    })

    it('does not bring back a turn that somebody stopped', async () => {
      const turn = await running(await open('m1'))
      await tables.parts.stops.stop({ turnId: turn.id }, 'stopped')
      expect(await tables.parts.attempts.dispatchAgain(turn)).toBe(false)
    })
  })

  describe('after a question', () => {
    it('frees the session, and resumes the same execution under a new attempt', async () => {
      const turn = await running(await open('m1'))
      expect(await tables.parts.attempts.ask({ ...turn, conversationId: 'conversation-1' }, QUESTION, nothing)).toBe(
        true
      )
      expect(await rows()).toMatchObject([{ state: 'approval', operation: QUESTION }])
      const decided: string[] = []
      const alongside = async (_: unknown, id: string): Promise<void> => void decided.push(id)
      expect(await tables.parts.attempts.resume(turn.id, RESUME, alongside)).toBe(true)
      expect(await tables.parts.attempts.resume(turn.id, RESUME, alongside)).toBe(false)
      const resumed = await running(turn.id)
      expect(decided).toEqual([turn.id])
      expect(resumed).toMatchObject({ executionId: turn.executionId, resume: RESUME, conversationId: 'conversation-1' })
      expect(resumed.attempt).not.toBe(turn.attempt)
      expect(dispatches()[1]).toMatchObject({
        id: resumed.attempt,
        sessionKey: 'conversation-1',
        payload: { request: { action: 'resume', ...RESUME }, executionId: turn.executionId }
      })
    })

    it('is overtaken when the next turn begins, and can not be answered any more', async () => {
      const asked = await running(await open('m1'))
      await tables.parts.attempts.ask(asked, QUESTION, nothing)
      const next = await open('m2')
      expect(await rows()).toMatchObject([
        { state: 'ended', outcome: 'dropped', reason: 'overtaken', operation: null, close_due: true },
        { id: next, state: 'running' }
      ])
      expect(tables.parts.outcome.ended).toEqual([{ turnId: asked.id, outcome: 'dropped', reason: 'overtaken' }])
      expect(await tables.parts.attempts.resume(asked.id, RESUME, nothing)).toBe(false)
    })

    it('is overtaken at once when another turn already waits', async () => {
      const asked = await running(await open('m1'))
      const next = await open('m2')
      await tables.parts.attempts.ask(asked, QUESTION, nothing)
      expect(await rows()).toMatchObject([
        { state: 'ended', reason: 'overtaken' },
        { id: next, state: 'running' }
      ])
    })
  })

  describe('a question that nobody answers', () => {
    const forgotten = { state: 'ended', outcome: 'dropped', reason: 'forgotten', close_due: true }

    it('ends with a session that was idle for too long', async () => {
      const asked = await running(await open('m1', { sessionTimeoutSeconds: 60 }))
      await tables.parts.attempts.ask(asked, QUESTION, nothing)
      tables.parts.clock.at = new Date(NOW.getTime() + 61_000)
      const next = await open('m2', { sessionTimeoutSeconds: 60 })
      const [first] = await tables.database.query(`SELECT * FROM plugin_lark_turn WHERE id = $1`, [asked.id])
      expect(first).toMatchObject({ ...forgotten, reason: 'conversation_ended' })
      expect((await running(next)).sessionId).not.toBe(asked.sessionId)
      expect(tables.parts.outcome.ended).toEqual([
        { turnId: asked.id, outcome: 'dropped', reason: 'conversation_ended' }
      ])
    })

    it('is overtaken when it is asked while the next message comes in', async () => {
      const asked = await running(await open('m1'))
      const asking = tables.dataSource.createQueryRunner()
      await asking.startTransaction()
      await tables.parts.sessions.noteActivity(asking.manager, asked.sessionId, null, NOW)
      await tables.parts.attemptRows.ask(asking.manager, asked, QUESTION)
      const next = open('m2')
      await eventually('it waits for the session', async () => {
        const waiting = await tables.database.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
        )
        return waiting.length > 0
      })
      await asking.commitTransaction()
      await asking.release()
      expect(await running(await next)).toBeTruthy()
      expect((await rows())[0]).toMatchObject({ ...forgotten, reason: 'overtaken' })
    })

    it('is forgotten after a week, too, where an earlier version asked it', async () => {
      const asked = await running(await open('m1'))
      await tables.parts.attempts.ask(asked, QUESTION, nothing)
      await tables.database.query(`UPDATE plugin_lark_turn SET deadline = NULL`)
      await tables.parts.queue.forgetOldQuestions(10, NOW)
      expect(await rows()).toMatchObject([{ state: 'approval' }])
      await tables.database.query(`UPDATE plugin_lark_turn SET started_at = started_at - interval '7 days'`)
      await tables.parts.queue.forgetOldQuestions(10, NOW)
      expect(await rows()).toMatchObject([forgotten])
    })

    it('is forgotten after a week, once, whoever looks', async () => {
      const asked = await running(await open('m1'))
      await tables.parts.attempts.ask(asked, QUESTION, nothing)
      await tables.parts.queue.forgetOldQuestions(10, NOW)
      expect(await rows()).toMatchObject([{ state: 'approval' }])
      await tables.database.query(`UPDATE plugin_lark_turn SET deadline = deadline - interval '7 days'`)
      await Promise.all(Array.from({ length: 4 }, () => tables.parts.queue.forgetOldQuestions(10, NOW)))
      expect(await rows()).toMatchObject([forgotten])
      expect(tables.parts.outcome.ended).toHaveLength(1)
    })
  })

  it('cards to be closed are taken by one of many, one of an integration at a time, and again after a while', async () => {
    const clicked = new ClickedTurnRepository(tables.dataSource)
    for (const [index, [messageId, integrationId]] of (
      [
        ['a1', 'a'],
        ['a2', 'a'],
        ['b1', 'b']
      ] as const
    ).entries()) {
      const turn = await running(await open(messageId, { integrationId, scopeKey: messageId }))
      await tables.parts.attempts.ask(turn, QUESTION, nothing)
      await tables.database.query(`UPDATE plugin_lark_turn SET deadline = now() - interval '1 second' WHERE id = $1`, [
        turn.id
      ])
      await tables.parts.queue.forgetOldQuestions(10, new Date(NOW.getTime() + index))
    }
    const take = async (busy: string[] = []) =>
      (await Promise.all(Array.from({ length: 4 }, () => clicked.takeUnclosed(10, busy))))
        .flat()
        .map(({ anchorMessageId }) => anchorMessageId)
        .sort()
    expect(await take(['a'])).toEqual(['b1'])
    expect(await clicked.takeUnclosed(10, [])).toMatchObject([{ anchorMessageId: 'a1' }])
    expect(await take()).toEqual(['a2'])
    expect(await take()).toEqual([])
    await tables.database.query(`UPDATE plugin_lark_turn SET deadline = now() - interval '1 second'`)
    expect(await take(['a'])).toEqual(['b1'])
  })

  it.each([
    ['a direct chat', 'direct:oc_1', 'p2p'],
    ['one person in a group', 'group:oc_1:ou_1', 'group']
  ] as const)(
    'of a card to be closed it is known where its conversation is, and whose: %s',
    async (_what, scopeKey, chatType) => {
      const asked = await running(await open('m1', { scopeKey, chatType }))
      await tables.parts.attempts.ask(asked, QUESTION, nothing)
      await open('m2', { scopeKey, chatType })
      const taken = await new ClickedTurnRepository(tables.dataSource).takeUnclosed(10, [])
      expect(taken).toMatchObject([{ id: asked.id, reason: 'overtaken', scopeKey, chatType, senderId: 'ou_1' }])
    }
  )

  describe('when a person asks again', () => {
    const interrupted = async (messageId: string): Promise<RunningTurn> => {
      const turn = await running(await open(messageId))
      await tables.parts.attempts.end(turn, { outcome: 'failed', reason: 'run_interrupted' })
      return turn
    }

    it('runs the same question on the same turn, once', async () => {
      const turn = await interrupted('m1')
      const done = await Promise.all(Array.from({ length: 4 }, () => tables.parts.attempts.tryAgain(turn.id, nothing)))
      expect(done.filter((one) => one)).toHaveLength(1)
      expect(await running(turn.id)).toMatchObject({ attemptNumber: 1, messages: turn.messages })
      expect(await rows()).toMatchObject([{ outcome: null, reason: null, ended_at: null }])
    })

    it('waits behind what the session does meanwhile', async () => {
      const first = await interrupted('m1')
      const second = await open('m2')
      expect(await tables.parts.attempts.tryAgain(first.id, nothing)).toBe(true)
      expect(await rows()).toMatchObject([
        { id: second, state: 'running' },
        { id: first.id, state: 'waiting' }
      ])
    })

    it('is refused when the turn was answered', async () => {
      const turn = await running(await open('m1'))
      await tables.parts.attempts.end(turn, { outcome: 'answered', reason: 'answered' })
      expect(await tables.parts.attempts.tryAgain(turn.id, nothing)).toBe(false)
    })
  })

  describe('a stop', () => {
    it('is noted with the running turn and goes to the host', async () => {
      const turn = await running(await open('m1'))
      expect(await tables.parts.stops.stop({ scope: newTurn('m1'), sentUntil: NOW, senderId: 'ou_1' }, 'stopped')).toBe(
        true
      )
      expect(await running(turn.id)).toMatchObject({ stopReason: 'stopped', isCancelled: false })
      expect(cancels()).toMatchObject([{ payload: { turnId: turn.id, executionId: turn.executionId } }])
      await tables.database.query(`UPDATE plugin_lark_turn SET cancelled_at = now() - interval '3 seconds'`)
      expect(await running(turn.id)).toMatchObject({ isCancelled: true })
    })

    it('is not about what was sent after it, however late or often it is carried out', async () => {
      const sentAt = new Date(NOW.getTime() + 1).toISOString()
      const message = { messageId: 'm1', senderId: 'ou_1', text: 'a newer question', sentAt }
      const turn = await running(await open('m1', { message }))
      const stop = (sentUntil: Date) =>
        tables.parts.stops.stop({ scope: newTurn('m1'), sentUntil, senderId: null }, 'stopped')
      expect(await stop(NOW)).toBe(false)
      expect(await running(turn.id)).toMatchObject({ stopReason: null })
      expect(await stop(new Date(sentAt))).toBe(true)
    })

    it('finds nothing where nothing runs', async () => {
      const turn = await running(await open('m1'))
      await tables.parts.attempts.end(turn, { outcome: 'answered', reason: 'answered' })
      expect(await tables.parts.stops.stop({ scope: newTurn('m1'), sentUntil: NOW, senderId: 'ou_1' }, 'stopped')).toBe(
        false
      )
      expect(cancels()).toEqual([])
    })

    it('knows whether something is being answered in its own scope', async () => {
      const scope = newTurn('m1')
      const isRunning = (more: Partial<typeof scope> = {}) => tables.parts.attemptRows.isRunning({ ...scope, ...more })
      const turn = await running(await open('m1'))
      expect(await isRunning()).toBe(true)
      for (const other of [{ scopeKey: 'direct:oc_2' }, { xpertId: 'another' }, { integrationId: 'another' }]) {
        expect({ other, isRunning: await isRunning(other) }).toEqual({ other, isRunning: false })
      }
      await tables.parts.attempts.ask(turn, QUESTION, nothing)
      expect(await isRunning()).toBe(false)
    })

    it('ends even when the queue takes no cancel', async () => {
      const turn = await running(await open('m1'))
      tables.parts.host.down = true
      await tables.parts.stops.stop({ turnId: turn.id }, 'stopped')
      await tables.database.query(`UPDATE plugin_lark_turn SET stopped_at = now() - interval '21 seconds'`)
      expect(await running(turn.id)).toMatchObject({ isCancelled: true })
      expect(await tables.parts.watch.findOrphans()).toEqual([{ turnId: turn.id, attempt: turn.attempt }])
    })
  })

  describe('a run that the host has lost', () => {
    const dispatchedAgo = (turnId: string, seconds: number) =>
      tables.database.query(
        `UPDATE plugin_lark_turn SET started_at = now() - $2 * interval '1 second', dispatched_at = now() - $2 * interval '1 second' WHERE id = $1`,
        [turnId, seconds]
      )
    const lost = async () => (await tables.parts.watch.findLost()).map(({ turnId }) => turnId)
    const openIn = async (scopeKey: string): Promise<string> => {
      let id = ''
      await tables.parts.conversations.open(newTurn(scopeKey, { scopeKey }), async (_manager, turnId) => {
        id = turnId
      })
      return id
    }

    it('is one that was silent for its own idle policy and a minute', async () => {
      const id = await openIn('a')
      await tables.database.query(`UPDATE plugin_lark_turn SET options = options || '{"idleTimeoutSeconds": 100}'`)
      await tables.parts.events.store([{ turnId: id, callback: event(await running(id), 1) }])
      const silent = (seconds: number) =>
        tables.database.query(`UPDATE plugin_lark_run_event SET received_at = now() - $1 * interval '1 second'`, [
          seconds
        ])
      await silent(155)
      expect(await lost()).toEqual([])
      await silent(165)
      expect(await lost()).toEqual([id])
    })

    it('is one that was never heard for 15 minutes', async () => {
      const id = await openIn('a')
      await dispatchedAgo(id, 890)
      expect(await lost()).toEqual([])
      await dispatchedAgo(id, 910)
      expect(await lost()).toEqual([id])
    })

    it('is one that was overtaken: a later dispatch was heard a minute ago', async () => {
      const early = await openIn('a')
      const late = await openIn('b')
      await dispatchedAgo(early, 200)
      await dispatchedAgo(late, 190)
      expect(await lost()).toEqual([])
      await tables.database.query(
        `UPDATE plugin_lark_turn SET heard_at = now() - interval '50 seconds' WHERE id = $1`,
        [late]
      )
      expect(await lost()).toEqual([])
      await tables.database.query(
        `UPDATE plugin_lark_turn SET heard_at = now() - interval '65 seconds' WHERE id = $1`,
        [late]
      )
      expect(await lost()).toEqual([early])
    })

    it('is none that waits for a slot beside those which were enqueued before it', async () => {
      const early = await openIn('a')
      const late = await openIn('b')
      await dispatchedAgo(early, 200)
      await dispatchedAgo(late, 190)
      await tables.database.query(
        `UPDATE plugin_lark_turn SET heard_at = now() - interval '180 seconds' WHERE id = $1`,
        [early]
      )
      expect(await lost()).toEqual([])
    })

    it('is looked for in as many rows as there are runs, however many wait for a slot', async () => {
      const waiting = 2_000
      await dispatchedAgo(await openIn('a'), 200)
      await tables.database.query(
        `INSERT INTO plugin_lark_turn SELECT (jsonb_populate_record(turn, jsonb_build_object('id', gen_random_uuid(),
           'session_id', gen_random_uuid(), 'attempt', gen_random_uuid(), 'started_at', started_at + n * interval '1 ms',
           'dispatched_at', dispatched_at + n * interval '1 ms'))).* FROM plugin_lark_turn turn, generate_series(2, $1) n`,
        [waiting]
      )
      await tables.database.query('ANALYZE plugin_lark_turn')
      const query = jest.spyOn(tables.dataSource, 'query')
      expect(await lost()).toEqual([])
      const [sql, parameters] = query.mock.calls[0]! as [string, unknown[]]
      query.mockRestore()
      const [explained] = await tables.dataSource.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }[]>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
        parameters
      )
      const looked = rowsOf(explained!['QUERY PLAN'][0].Plan)
      expect(looked).toBeGreaterThanOrEqual(waiting)
      expect(looked).toBeLessThanOrEqual(3 * waiting)
    })
  })
})
