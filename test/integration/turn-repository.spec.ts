import { newTurn } from '../support/conversation-parts'
import { TurnTables } from '../support/turn-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const ANSWERED = { outcome: 'answered', reason: 'answered' } as const

describe('turns in PostgreSQL', () => {
  const tables = new TurnTables(NOW)
  const { open, rows, running } = tables
  const queuedTexts = (): unknown[] =>
    tables.parts.host.queued.map(
      ({ payload }) => (payload as { request: { message: { input: { input: string } } } }).request.message.input.input
    )

  describe('opening', () => {
    it('starts the first turn of a session and lets the others wait in order', async () => {
      for (const id of ['m1', 'm2', 'm3']) await open(id)
      expect(await rows()).toMatchObject([
        {
          position: 1,
          state: 'running',
          anchor_message_id: 'm1',
          attempt_number: 1,
          dispatched_at: expect.any(Date) as Date,
          deadline: null
        },
        { position: 2, state: 'waiting', anchor_message_id: 'm2', dispatched_at: null },
        { position: 3, state: 'waiting', anchor_message_id: 'm3' }
      ])
      expect(queuedTexts()).toEqual(['text of m1'])
    })

    it('runs one turn of a session at a time, however many messages come at once', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, index) => open(`m${index}`)))
      const turns = await rows()
      expect(turns.map(({ position }) => position)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
      expect(turns.filter(({ state }) => state === 'running')).toHaveLength(1)
      expect(await tables.database.query(`SELECT 1 FROM plugin_lark_session`)).toHaveLength(1)
      expect(tables.parts.host.queued).toHaveLength(1)
    })

    it('runs the turns of different scopes and experts side by side', async () => {
      await open('m1')
      await open('m2', { scopeKey: 'group:oc_2', chatType: 'group', chatId: 'oc_2' })
      await open('m3', { xpertId: 'other xpert' })
      expect((await rows()).map(({ state }) => state)).toEqual(['running', 'running', 'running'])
    })

    it('stores no turn when what belongs to it can not be written', async () => {
      const failed = tables.parts.conversations.open(newTurn('m1'), async () => {
        throw new Error('the inbox row is somebody else’s')
      })
      await expect(failed).rejects.toThrow('the inbox row')
      expect(await rows()).toEqual([])
      expect(await tables.database.query(`SELECT 1 FROM plugin_lark_session`)).toEqual([])
      expect(tables.parts.host.queued).toEqual([])
    })

    it('opens a new session once the old one is closed', async () => {
      await open('m1')
      await tables.database.query(`UPDATE plugin_lark_session SET closed_at = now()`)
      await open('m2')
      expect((await rows()).map(({ state }) => state)).toEqual(['running', 'running'])
    })
  })

  describe('ending', () => {
    it('writes the outcome and starts the next turn in the conversation that was learnt', async () => {
      const first = await open('m1')
      const second = await open('m2')
      const turn = { ...(await running(first)), conversationId: 'conversation-1' }
      expect(await tables.parts.attempts.end(turn, ANSWERED)).toBe(true)
      expect(tables.parts.outcome.ended).toEqual([{ turnId: first, ...ANSWERED }])
      expect(await rows()).toMatchObject([
        { state: 'ended', outcome: 'answered', reason: 'answered', ended_at: NOW },
        { id: second, state: 'running' }
      ])
      expect(queuedTexts()).toEqual(['text of m1', 'text of m2'])
      expect(tables.parts.host.queued[1]!.payload).toMatchObject({ request: { conversationId: 'conversation-1' } })
    })

    it('starts the next turn exactly once when many end the same one at the same time', async () => {
      const first = await open('m1')
      for (const id of ['m2', 'm3', 'm4']) await open(id)
      const turn = await running(first)
      const ended = await Promise.all(Array.from({ length: 8 }, () => tables.parts.attempts.end(turn, ANSWERED)))
      expect(ended.filter((done) => done)).toHaveLength(1)
      expect((await rows()).map(({ state }) => state)).toEqual(['ended', 'running', 'waiting', 'waiting'])
      expect(queuedTexts()).toEqual(['text of m1', 'text of m2'])
    })

    it('neither loses nor doubles a turn that is opened while the former ends', async () => {
      for (let round = 0; round < 10; round += 1) {
        const scope = { scopeKey: `direct:${round}` }
        const turn = await running(await open(`a${round}`, scope))
        await Promise.all([tables.parts.attempts.end(turn, ANSWERED), open(`b${round}`, scope)])
      }
      const states = await tables.database.query(
        `SELECT state, count(*)::int AS n FROM plugin_lark_turn GROUP BY 1 ORDER BY 1`
      )
      expect(states).toEqual([
        { state: 'ended', n: 10 },
        { state: 'running', n: 10 }
      ])
      expect(tables.parts.host.queued).toHaveLength(20)
    })

    it('changes nothing for a turn that runs under another attempt', async () => {
      const turn = await running(await open('m1'))
      await tables.database.query(`UPDATE plugin_lark_turn SET attempt = gen_random_uuid()`)
      expect(await tables.parts.attempts.end(turn, ANSWERED)).toBe(false)
      expect(await rows()).toMatchObject([{ state: 'running' }])
    })

    it('removes the run’s events and takes no later ones', async () => {
      const turn = await running(await open('m1'))
      const callback = {
        attempt: turn.attempt,
        sequence: 1,
        enqueuedAt: 1,
        context: {},
        signal: { type: 'complete' as const }
      }
      await tables.parts.events.store([{ turnId: turn.id, callback }])
      await tables.parts.attempts.end(turn, ANSWERED)
      await tables.parts.events.store([{ turnId: turn.id, callback: { ...callback, sequence: 2 } }])
      expect(await tables.database.query(`SELECT 1 FROM plugin_lark_run_event`)).toEqual([])
    })
  })

  describe('a dispatch that nobody noted', () => {
    const overdue = () => tables.database.query(`UPDATE plugin_lark_turn SET deadline = now() - interval '1 second'`)

    it('is left alone before its time, and once it was noted', async () => {
      await open('m1')
      expect(await tables.parts.watch.takeUndispatched()).toBeNull()
      await overdue()
      expect(await tables.parts.watch.takeUndispatched()).toBeNull()
    })

    it('is handed to one of many callers, under the same attempt', async () => {
      tables.parts.host.down = true
      await Promise.all(['a', 'b', 'c'].map((key) => open(key, { scopeKey: key })))
      await overdue()
      const taken = (await Promise.all(Array.from({ length: 6 }, () => tables.parts.watch.takeUndispatched()))).filter(
        (turn) => turn !== null
      )
      expect(taken.map(({ messages }) => messages[0]!.messageId).sort()).toEqual(['a', 'b', 'c'])
      const attempts = (await rows()).map(({ attempt }) => attempt as string)
      expect(taken.map(({ attempt }) => attempt).sort()).toEqual(attempts.sort())
    })

    it('runs as another execution than the first time, because the first dispatch may run all the same', async () => {
      await open('m1')
      await tables.database.query(`UPDATE plugin_lark_turn SET dispatched_at = NULL`)
      const [first] = await rows()
      await overdue()
      await tables.parts.queue.repeatDispatch((await tables.parts.watch.takeUndispatched())!)
      const [second] = await rows()
      expect(second!['attempt']).not.toBe(first!['attempt'])
      expect(tables.parts.host.queued.map(({ type, payload }) => [type, payload])).toMatchObject([
        ['agent.chat_dispatch.v1', { executionId: first!['execution_id'] as string }],
        [
          'plugin.lark.cancel_run.v1',
          { attempt: first!['attempt'] as string, executionId: first!['execution_id'] as string }
        ],
        ['agent.chat_dispatch.v1', { executionId: second!['execution_id'] as string }]
      ])
      expect(second!['execution_id']).not.toBe(first!['execution_id'])
    })

    it('keeps the id of the first one until the queue has its cancel, of which nothing counts any more', async () => {
      await open('m1')
      await tables.database.query(`UPDATE plugin_lark_turn SET dispatched_at = NULL`)
      const [first] = await rows()
      for (let count = 0; count < 2; count += 1) {
        await overdue()
        tables.parts.host.down = true
        await tables.parts.queue.repeatDispatch((await tables.parts.watch.takeUndispatched())!)
        tables.parts.host.down = false
        const [turn] = await rows()
        expect(turn).toMatchObject({ execution_id: first!['execution_id'], dispatched_at: null })
        expect(turn!['attempt']).not.toBe(first!['attempt'])
      }
      await overdue()
      await tables.parts.queue.repeatDispatch((await tables.parts.watch.takeUndispatched())!)
      const cancels = tables.parts.host.queued.filter(({ type }) => type === 'plugin.lark.cancel_run.v1')
      expect(cancels.map(({ payload }) => payload)).toMatchObject([{ executionId: first!['execution_id'] }])
      expect((await rows())[0]!['execution_id']).not.toBe(first!['execution_id'])
    })

    it('is cancelled where it reaches the host after somebody else gave it up', async () => {
      const late = await running(await open('m1'))
      await tables.database.query(`UPDATE plugin_lark_turn SET dispatched_at = NULL`)
      await overdue()
      tables.parts.host.down = true
      await tables.parts.queue.repeatDispatch((await tables.parts.watch.takeUndispatched())!)
      tables.parts.host.down = false
      await tables.parts.queue.dispatch({ ...late, heldAt: performance.now() })
      expect(tables.parts.host.queued.slice(1).map(({ type, payload }) => [type, payload])).toMatchObject([
        ['agent.chat_dispatch.v1', { executionId: late.executionId }],
        ['plugin.lark.cancel_run.v1', { attempt: late.attempt, executionId: late.executionId }]
      ])
    })

    it('is not made again where it was noted while another one was taken', async () => {
      await open('m1')
      await tables.database.query(`UPDATE plugin_lark_turn SET dispatched_at = NULL`)
      await overdue()
      const taken = (await tables.parts.watch.takeUndispatched())!
      expect(await tables.parts.turns.noteDispatch(taken)).toBe(true)
      await tables.parts.queue.repeatDispatch(taken)
      expect(tables.parts.host.queued.map(({ type }) => type)).toEqual(['agent.chat_dispatch.v1'])
    })

    it('is noted, and not made again, once its run was heard', async () => {
      const turn = await running(await open('m1'))
      await tables.database.query(`UPDATE plugin_lark_turn SET dispatched_at = NULL`)
      await overdue()
      const signal = { type: 'message_start' as const }
      const callback = { attempt: turn.attempt, sequence: 1, enqueuedAt: 1, context: {}, signal }
      await tables.parts.watch.noteHeard()
      expect(await rows()).toMatchObject([{ dispatched_at: null }])
      await tables.parts.events.store([{ turnId: turn.id, callback }])
      await tables.parts.watch.noteHeard()
      expect(await rows()).toMatchObject([{ dispatched_at: expect.any(Date) as Date, deadline: null }])
      expect(await tables.parts.watch.takeUndispatched()).toBeNull()
    })

    it('is not made again by whoever comes second', async () => {
      await open('m1')
      await tables.database.query(`UPDATE plugin_lark_turn SET dispatched_at = NULL`)
      await overdue()
      const first = (await tables.parts.watch.takeUndispatched())!
      await overdue()
      const second = (await tables.parts.watch.takeUndispatched())!
      await tables.parts.queue.repeatDispatch(second)
      await tables.parts.queue.repeatDispatch(first)
      const dispatches = tables.parts.host.queued.filter(({ type }) => type === 'agent.chat_dispatch.v1')
      expect(dispatches).toHaveLength(2)
    })

    it('of a turn that was stopped is not made up for: the one that may have been is cancelled', async () => {
      await open('m1')
      await tables.database.query(
        `UPDATE plugin_lark_turn SET dispatched_at = NULL, stop_reason = 'stopped', stopped_at = now()`
      )
      const [stopped] = await rows()
      await overdue()
      const taken = (await tables.parts.watch.takeUndispatched())!
      expect(taken).toMatchObject({ stopReason: 'stopped', executionId: stopped!['execution_id'] })
      await tables.parts.queue.dispatch(taken)
      const types = tables.parts.host.queued.map(({ type }) => type)
      expect(types).toEqual(['agent.chat_dispatch.v1', 'plugin.lark.cancel_run.v1'])
    })

    it('never hands out a waiting turn', async () => {
      await open('m1')
      await open('m2')
      await overdue()
      expect(await tables.parts.watch.takeUndispatched()).toBeNull()
    })

    it('is queued again when the queue is back', async () => {
      tables.parts.host.down = true
      const id = await open('m1')
      expect(await rows()).toMatchObject([{ id, state: 'running', dispatched_at: null }])
      tables.parts.host.down = false
      await overdue()
      await tables.parts.queue.dispatch((await tables.parts.watch.takeUndispatched())!)
      expect(queuedTexts()).toEqual(['text of m1'])
      expect(await rows()).toMatchObject([{ dispatched_at: expect.any(Date) as Date, deadline: null }])
    })
  })
})
