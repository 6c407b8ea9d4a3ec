import { ClickedTurnRepository } from '../../src/conversation/clicked-turn.repository'
import { HistoryRepository } from '../../src/conversation/history.repository'
import { newTurn } from '../support/conversation-parts'
import { seedTurn, sessionId, turnId } from '../support/turn-seeds'
import { eventually } from '../support/eventually'
import { TurnTables } from '../support/turn-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const QUESTION = { tasks: [{ name: 'send_mail' }] }
const RESUME = { conversationId: 'conversation', target: {}, decision: { type: 'confirm' as const } }
const after = (ms: number): Date => new Date(NOW.getTime() + ms)
const nothing = async (): Promise<void> => undefined

describe('what a turn keeps of itself, in PostgreSQL', () => {
  const tables = new TurnTables(NOW)
  const { open, running } = tables
  const row = async (id: string) =>
    (await tables.database.query(`SELECT * FROM plugin_lark_turn WHERE id = $1`, [id]))[0]!
  const seed = (name: string, more: Parameters<typeof seedTurn>[2]) => seedTurn(tables.database, name, more, NOW)
  const events = () => tables.database.query(`SELECT attempt FROM plugin_lark_run_event`)

  afterEach(() => tables.parts.windows.stop())

  it('the first reason to stop, and when it came', async () => {
    await seed('stopped', {})
    await tables.parts.attemptRows.requestStop({ turnId: turnId('stopped') }, 'stopped')
    const first = await row(turnId('stopped'))
    await tables.parts.attemptRows.requestStop({ turnId: turnId('stopped') }, 'recalled')
    expect(await row(turnId('stopped'))).toEqual(first)
    expect(first).toMatchObject({ stop_reason: 'stopped', stopped_at: expect.any(Date) as Date })
  })

  it('when the host first took the cancel', async () => {
    const earlier = new Date('2026-02-01T00:00:00Z')
    await seed('cancelled', { columns: { cancelled_at: earlier } })
    const { attempt } = await row(turnId('cancelled'))
    await tables.parts.attemptRows.noteCancelled({ id: turnId('cancelled'), attempt: attempt as string })
    expect(await row(turnId('cancelled'))).toMatchObject({ cancelled_at: earlier })
  })

  it('nothing of the attempt that asked', async () => {
    const turn = await running(await open('m1'))
    const callback = { attempt: turn.attempt, sequence: 1, enqueuedAt: 1, context: {} }
    const signal = { type: 'text' as const, streamId: 's', text: 'before it asked' }
    await tables.parts.events.store([{ turnId: turn.id, callback: { ...callback, signal } }])
    expect(await events()).toHaveLength(1)
    expect(await tables.parts.attempts.ask(turn, QUESTION, nothing)).toBe(true)
    expect(await events()).toEqual([])
  })

  it.each([['a\u0000b'], ['half \ud800 of one'], ['\udc00'], ['typed: \\u0000 \\ud800'], ['C:\\\\u0000\u0000']])(
    'what a run asked, exactly: %j',
    async (text) => {
      const operation = { tasks: [{ call: { name: text, args: { [text]: [text] } } }], target: { aiMessageId: 'm' } }
      const turn = await running(await open('m1'))
      expect(await tables.parts.attempts.ask(turn, operation, nothing)).toBe(true)
      const clicked = await new ClickedTurnRepository(tables.dataSource).find(turn.id)
      expect(clicked).toMatchObject({ state: 'approval' })
      expect(clicked?.operation).toEqual(operation)
    }
  )

  it('its execution where it goes on after a decision, however often its dispatch is repeated', async () => {
    const due = { deadline: new Date(0) }
    await seed('fresh', { columns: due })
    await seed('resumed', { columns: { ...due, resume: JSON.stringify(RESUME) } })
    const before = [await row(turnId('fresh')), await row(turnId('resumed'))]
    for (let count = 0; count < 2; count += 1)
      await tables.parts.queue.repeatDispatch((await tables.parts.watch.takeUndispatched())!)
    expect((await row(turnId('fresh'))).execution_id).not.toBe(before[0]!.execution_id)
    expect(await row(turnId('resumed'))).toMatchObject({
      execution_id: before[1]!.execution_id as string,
      attempt: before[1]!.attempt as string
    })
  })
})

describe('what a session lives by, in PostgreSQL', () => {
  const tables = new TurnTables(NOW)
  const sessions = () => tables.database.query<{ id: string }>(`SELECT id FROM plugin_lark_session`)

  afterEach(() => tables.parts.windows.stop())

  it('is each of its messages: it is idle from the last one', async () => {
    const { organizationId, ...scope } = newTurn('m1')
    const visit = { scope: { ...scope, organizationId }, senderId: 'ou_1', isBot: false, timeoutSeconds: 60 }
    const visitAt = (at: Date) =>
      tables.parts.turns.transaction(
        async (manager) => (await tables.parts.sessions.open(manager, [visit], at))[0]!.session!.id
      )
    const first = await visitAt(NOW)
    expect(await visitAt(after(50_000))).toBe(first)
    expect(await visitAt(after(100_000))).toBe(first)
    expect(await visitAt(after(161_000))).not.toBe(first)
  })

  it('is its turns: one that is over for long is deleted only once it has none', async () => {
    const closedAt = after(-1_000)
    for (const name of ['with a turn', 'without one']) await seedTurn(tables.database, name, { closedAt }, NOW)
    await seedTurn(tables.database, 'open', {}, NOW)
    await seedTurn(tables.database, 'closed just now', { closedAt: NOW }, NOW)
    await tables.database.query(`DELETE FROM plugin_lark_turn WHERE id <> $1`, [turnId('with a turn')])
    expect(await new HistoryRepository(tables.dataSource).deleteSessions(NOW, 10)).toBe(1)
    const left = (await sessions()).map(({ id }) => id)
    expect(left.sort()).toEqual(['with a turn', 'open', 'closed just now'].map(sessionId).sort())
  })

  describe('with windows', () => {
    const collect = (messageId: string, idleSeconds: number, more: Partial<ReturnType<typeof newTurn>> = {}) =>
      tables.open(messageId, { window: { idleSeconds, maxWaitSeconds: 100, maxMessages: 9 }, ...more })
    const stateOf = async (id: string): Promise<unknown> =>
      (await tables.database.query(`SELECT state FROM plugin_lark_turn WHERE id = $1`, [id]))[0]!.state

    it('forgets a question once what somebody collected begins', async () => {
      const asked = await tables.running(await tables.open('m1'))
      await tables.parts.attempts.ask(asked, QUESTION, nothing)
      const next = await collect('m2', 3)
      expect(await stateOf(asked.id)).toBe('approval')
      tables.parts.clock.at = after(3_000)
      await tables.parts.windows.endOver()
      expect([await stateOf(asked.id), await stateOf(next)]).toEqual(['ended', 'running'])
      expect(tables.parts.outcome.ended).toMatchObject([{ turnId: asked.id, reason: 'overtaken' }])
    })

    it('ends one window after the other by itself', async () => {
      const soon = await collect('m1', 0.05)
      const later = await collect('m2', 0.1, { scopeKey: 'direct:oc_2' })
      tables.parts.clock.at = after(50)
      await eventually('the first one ended', async () => (await stateOf(soon)) === 'running')
      expect(await stateOf(later)).toBe('window')
      tables.parts.clock.at = after(100)
      await eventually('the second one ended', async () => (await stateOf(later)) === 'running')
    })
  })
})
