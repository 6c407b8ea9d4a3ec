import { once } from 'node:events'
import type { INestApplicationContext } from '@nestjs/common'
import {
  CancelConversation,
  Conversations,
  type ExpertScript,
  HandoffQueue,
  RunLog
} from '../../../../playground/xpert-host/handoff'
import { startTinyHost } from './tiny-host'
import { type Delivery, dispatch, eventData, nameOf, send, spoken, TestDesk, until } from './test-desk'

const LONG: ExpertScript = { kind: 'stream', text: 'x'.repeat(200), deltas: 100, everyMs: 30 }
/** Still running however long another instance takes to start. */
const ENDLESS: ExpertScript = { kind: 'stream', text: 'x'.repeat(4_000), deltas: 4_000, everyMs: 30 }
const STALLED_AFTER_MS = 1_500

describe('several instances', () => {
  let desk: TestDesk
  const apps: INestApplicationContext[] = []

  beforeEach(async () => {
    desk = await TestDesk.open()
  })

  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close()
    await desk.close()
  })

  const here = async (options: object = {}): Promise<INestApplicationContext> => {
    const app = await startTinyHost({
      databaseUrl: desk.database.url,
      instance: 'here',
      stalledAfterMs: STALLED_AFTER_MS,
      shutdownGraceMs: 0,
      ...options
    })
    apps.push(app)
    return app
  }
  const child = (instance: string, env?: Record<string, string>, options: object = {}) =>
    desk.spawn(instance, { stalledAfterMs: STALLED_AFTER_MS, ...options }, env)
  const count = async (runId: string): Promise<number> => (await desk.deliveries(runId)).length

  it('boot at the same time on an empty database', async () => {
    await Promise.all([child('A'), child('B')])
    const rows = await desk.database.query('select name from handoff_instance order by name')
    expect(rows).toEqual([{ name: 'A' }, { name: 'B' }])
  })

  it('run a dispatch again from the start elsewhere when its instance was killed', async () => {
    const doomed = await child('A')
    const xpertId = await desk.expert(ENDLESS)
    const message = dispatch(xpertId, send('hello'), { maxAttempts: 1 })
    // Nothing but A works on the queues yet, so it is A that runs it.
    await enqueueRaw(desk, message)
    await until(async () => (await count(message.id)) > 20)
    const survivor = await here()
    await desk.change(xpertId, { kind: 'stream', text: 'again' })
    doomed.kill('SIGKILL')
    await once(doomed, 'exit')
    const runs = survivor.get(RunLog)
    await until(async () => (await runs.list(xpertId)).length === 2)
    await until(
      async () => (await desk.deliveries(message.id)).some(({ message: one }) => one.payload.kind === 'complete'),
      15_000
    )

    const [first, second] = await runs.list(xpertId)
    expect(first).toMatchObject({ id: message.id, instance: 'A', status: 'running' })
    expect(second).toMatchObject({ id: message.id, instance: 'here' })
    expect(second.executionId).not.toBe(first.executionId)
    expect(second.conversationId).not.toBe(first.conversationId)
    const starts = (await desk.deliveries(message.id)).filter(
      ({ message: one }) => nameOf(one.payload) === 'on_conversation_start'
    )
    expect(starts.map(({ message: one }) => [one.attempt, one.payload.sequence])).toEqual([
      [1, 1],
      [1, 1]
    ])
    expect(await desk.deadLetters()).toEqual([])
  })

  it('forget a dispatch whose second instance was killed too', async () => {
    const first = await child('A')
    const message = dispatch(await desk.expert({ kind: 'never' }), send('hello'))
    await enqueueRaw(desk, message)
    const started = async (n: number): Promise<boolean> =>
      (await desk.database.query('select 1 from handoff_run')).length === n
    await until(() => started(1))
    const second = await child('B')
    first.kill('SIGKILL')
    await until(() => started(2))
    const app = await here()
    second.kill('SIGKILL')
    await until(async () => (await desk.deadLetters()).length === 1)
    expect(await desk.deadLetters()).toMatchObject([
      { messageId: message.id, reason: 'job stalled more than allowable limit' }
    ])
    expect((await app.get(RunLog).list()).length).toBe(2)
  })

  it('lose a dispatch when its instance is stopped: no terminal event, no second run', async () => {
    const stopping = await child('A')
    const xpertId = await desk.expert(ENDLESS)
    const message = dispatch(xpertId, send('hello'))
    await enqueueRaw(desk, message)
    await until(async () => (await count(message.id)) > 20)
    const app = await here()
    stopping.kill('SIGTERM')
    await once(stopping, 'exit')
    // A callback that was being processed at that moment may be among them too.
    const dead = (await desk.deadLetters()).filter(({ messageId }) => messageId === message.id)
    expect(dead).toMatchObject([{ reason: 'Connection is closed' }])
    // Two further rounds of the survivor find nothing to run again.
    const seenAt = async (): Promise<string> =>
      JSON.stringify(await desk.database.query(`select "lastSeenAt" from handoff_instance`))
    for (const _round of [1, 2, 3, 4, 5]) {
      const before = await seenAt()
      await until(async () => (await seenAt()) !== before)
    }
    expect(await app.get(RunLog).list(xpertId)).toMatchObject([{ status: 'lost' }])
    expect((await desk.deliveries(message.id)).every(({ message: one }) => one.payload.kind === 'stream')).toBe(true)
  })

  it('deliver a callback again that a killed instance was processing', async () => {
    const doomed = await child('A', { RECORD_BEGUN: '1' })
    const message = dispatch(await desk.expert({ kind: 'stream', text: 'hi' }), send('hello'), {
      payload: {
        callback: { messageType: 'probe.cb.v1', headers: { handoffQueue: 'integration', holdMs: '60000' }, context: {} }
      }
    })
    await enqueueRaw(desk, message)
    const begun = async () => desk.database.query('select 1 from delivery_begun')
    await until(async () => (await begun()).length === 10)
    expect(await count(message.id)).toBe(0)
    doomed.kill('SIGKILL')
    await once(doomed, 'exit')
    await child('B', { RECORD_BEGUN: '1' })
    await until(async () => (await begun()).length === 20)
  })

  it('go on after the database has ended every connection', async () => {
    const app = await here({ stalledAfterMs: 1_000 })
    const xpertId = await desk.expert({ kind: 'stream', text: 'still here' })
    const first = dispatch(xpertId, send('one'))
    await app.get(HandoffQueue).enqueue(first)
    await desk.run(first.id)
    await desk.database.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
    )
    const second = dispatch(xpertId, send('two'))
    await until(() =>
      app
        .get(HandoffQueue)
        .enqueue(second)
        .then(
          () => true,
          () => false
        )
    )
    expect(spoken(await desk.run(second.id))).toBe('still here')
  })

  it('cancel a run that is on another one', async () => {
    await child('A')
    const xpertId = await desk.expert(ENDLESS)
    const message = dispatch(xpertId, send('hello'))
    await enqueueRaw(desk, message)
    await until(async () => (await count(message.id)) > 5)
    const app = await here()
    const [conversation] = await app.get(Conversations).list(xpertId)
    const { canceledExecutionIds } = await app.get(CancelConversation).execute({ conversationId: conversation.id })
    const ours = await desk.run(message.id)
    expect(eventData(ours, 'on_agent_end')[0]).toMatchObject({ id: canceledExecutionIds[0], status: 'interrupted' })
    expect(ours.length).toBeLessThan(4_000)
  })

  it('share the events of one run, and continue each other’s conversations', async () => {
    await child('A')
    const app = await here()
    const xpertId = await desk.expert({ kind: 'stream', text: '{n}' + ' x'.repeat(200), deltas: 100, everyMs: 2 })
    const queue = app.get(HandoffQueue)
    const first = dispatch(xpertId, send('one'))
    await queue.enqueue(first)
    const conversationId = String(eventData(await desk.run(first.id), 'on_conversation_start')[0].id)
    const instances = new Set((await desk.deliveries(first.id)).map(({ instance }) => instance))
    expect([...instances].sort()).toEqual(['A', 'test'])
    for (const n of [2, 3, 4]) {
      const next = dispatch(xpertId, send('more', conversationId))
      await queue.enqueue(next)
      expect(spoken(await desk.run(next.id))).toMatch(new RegExp(`^${n} `))
    }
  })

  describe('bad delivery', () => {
    const displaced = (deliveries: Delivery[]): number => {
      let highest = 0
      return deliveries.filter(({ message }) => {
        const late = message.payload.sequence < highest
        highest = Math.max(highest, message.payload.sequence)
        return late
      }).length
    }

    it('is off by default: every message once, most of them in order', async () => {
      const app = await here()
      const message = dispatch(await desk.expert({ ...LONG, everyMs: 15 }), send('hello'))
      await app.get(HandoffQueue).enqueue(message)
      await desk.run(message.id)
      const deliveries = await desk.deliveries(message.id)
      expect(deliveries).toHaveLength(109)
      expect(displaced(deliveries)).toBeLessThan(20)
    })

    it('brings callbacks out of order and some twice, also after the end', async () => {
      const app = await here({ callbackDisorder: 6, callbackRepeat: 0.5 })
      const message = dispatch(await desk.expert({ ...LONG, everyMs: 15 }), send('hello'))
      await app.get(HandoffQueue).enqueue(message)
      const ours = await desk.run(message.id)
      const sequences = (): Promise<number[]> =>
        desk.deliveries(message.id).then((all) => all.map((one) => one.message.payload.sequence))
      await until(async () => {
        const seen = await sequences()
        const afterEnd = seen.slice(seen.indexOf(109) + 1)
        return afterEnd.filter((sequence) => sequence < 100).length > 2
      })
      expect(ours.length).toBeGreaterThan(109)
      expect(new Set(await sequences()).size).toBe(109)
      expect(displaced(await desk.deliveries(message.id))).toBeGreaterThan(20)
    })
  })
})

/** Puts a message on its queue as another instance would, without an instance in this process. */
async function enqueueRaw(desk: TestDesk, message: object): Promise<void> {
  await desk.database.query(`select handoff_realtime.add_job('message', $1::json, max_attempts => 2)`, [
    JSON.stringify(message)
  ])
}
