import { randomUUID } from 'node:crypto'
import type { INestApplicationContext } from '@nestjs/common'
import {
  type HandoffMessage,
  type HandoffProcessor,
  HandoffQueue,
  ProcessorLookup,
  type ProcessResult,
  RunLog
} from '../../../../playground/xpert-host/handoff'
import { seenContexts, startTinyHost, TestProcessors } from './tiny-host'
import { dispatch, nameOf, ORGANIZATION, send, TENANT, TestDesk, until, USER } from './test-desk'

function message(type: string, change: Partial<HandoffMessage> = {}): HandoffMessage {
  const id = randomUUID()
  const headers = { organizationId: ORGANIZATION, userId: USER, language: 'en-US' }
  return {
    id,
    type,
    version: 1,
    tenantId: TENANT,
    sessionKey: id,
    businessKey: id,
    attempt: 1,
    maxAttempts: 3,
    enqueuedAt: Date.now(),
    traceId: id,
    payload: {},
    headers,
    ...change
  }
}

describe('HandoffQueue', () => {
  let desk: TestDesk
  let app: INestApplicationContext
  let queue: HandoffQueue

  beforeAll(async () => {
    desk = await TestDesk.open()
    app = await startTinyHost({ databaseUrl: desk.database.url, instance: 'test', shutdownGraceMs: 0 })
    queue = app.get(HandoffQueue)
  })

  afterAll(async () => {
    await app?.close()
    await desk?.close()
  })

  /** Registers a processor under a fresh type; returns the type and the messages that came. */
  function processor(
    process: (
      message: HandoffMessage,
      seen: HandoffMessage[],
      ctx: Parameters<HandoffProcessor['process']>[1]
    ) => Promise<ProcessResult>
  ): { type: string; seen: HandoffMessage[] } {
    const type = `plugin.test.a${randomUUID().slice(0, 8)}.v1`
    const seen: HandoffMessage[] = []
    const lookup = app.get(ProcessorLookup) as TestProcessors
    lookup.own.set(type, {
      process: (given, ctx) => {
        seen.push(given)
        return process(given, seen, ctx)
      }
    })
    return { type, seen }
  }

  const dead = async (messageId: string) => (await desk.deadLetters()).find((letter) => letter.messageId === messageId)
  const ok = async (): Promise<ProcessResult> => ({ status: 'ok' })

  it('buries a message that lacks one of the required fields', async () => {
    const { type, seen } = processor(ok)
    for (const field of ['tenantId', 'sessionKey', 'businessKey', 'traceId'] as const) {
      const bad = message(type, { [field]: '' })
      await queue.enqueue(bad)
      await until(async () => (await dead(bad.id)) !== undefined)
      expect((await dead(bad.id))?.reason).toMatch(/^Invalid handoff message:/)
    }
    expect(seen).toHaveLength(0)
  })

  it('processes the same id twice when it is enqueued twice', async () => {
    const { type, seen } = processor(ok)
    const twice = message(type)
    await Promise.all([queue.enqueue(twice), queue.enqueue(twice)])
    await until(() => seen.length === 2)
  })

  it('tries again at once after an uncaught error, as the next attempt, and buries after maxAttempts', async () => {
    const { type, seen } = processor(async () => {
      throw new Error('no luck')
    })
    const unlucky = message(type)
    await queue.enqueue(unlucky)
    await until(async () => (await dead(unlucky.id)) !== undefined)
    expect(seen.map(({ id, attempt }) => [id, attempt])).toEqual([1, 2, 3].map((attempt) => [unlucky.id, attempt]))
    expect((await dead(unlucky.id))?.reason).toBe('no luck')
  })

  it('counts retry against maxAttempts and waits delayMs before it', async () => {
    const times: number[] = []
    const { type, seen } = processor(async () => {
      times.push(performance.now())
      return { status: 'retry', delayMs: 300, reason: 'later' }
    })
    const late = message(type, { maxAttempts: 2 })
    await queue.enqueue(late)
    await until(async () => (await dead(late.id)) !== undefined)
    expect(seen).toHaveLength(2)
    expect(times[1] - times[0]).toBeGreaterThanOrEqual(295)
    expect((await dead(late.id))?.reason).toBe('later')
  })

  it('buries dead results and types that nobody processes', async () => {
    const { type } = processor(async () => ({ status: 'dead', reason: 'not for me' }))
    const refused = message(type)
    const unknown = message('plugin.test.nobody.v1', { maxAttempts: 1 })
    await queue.enqueue(refused)
    await queue.enqueue(unknown)
    await until(async () => (await dead(refused.id)) !== undefined && (await dead(unknown.id)) !== undefined)
    expect((await dead(refused.id))?.reason).toBe('not for me')
    expect((await dead(unknown.id))?.reason).toContain('plugin.test.nobody.v1')
  })

  it('enqueues what a processor sends out', async () => {
    const target = processor(ok)
    const source = processor(async () => ({ status: 'ok', outbound: [message(target.type)] }))
    await queue.enqueue(message(source.type))
    await until(() => target.seen.length === 1)
  })

  it('runs a processor in the context of its message', async () => {
    const { type, seen } = processor(ok)
    await queue.enqueue(message(type, { headers: { organizationId: ORGANIZATION, userId: USER, language: 'zh-Hans' } }))
    await until(() => seen.length === 1)
    expect(seenContexts.at(-1)).toEqual({
      tenantId: TENANT,
      organizationId: ORGANIZATION,
      userId: USER,
      language: 'zh-Hans'
    })
  })

  it('gives the run id, the trace id and a signal that the idle policy aborts', async () => {
    let reason = ''
    const { type, seen } = processor(async (given, _seen, ctx) => {
      expect(ctx).toMatchObject({ runId: given.id, traceId: given.traceId })
      await new Promise((resolve) => ctx.abortSignal.addEventListener('abort', resolve))
      reason = ctx.getAbortReason() ?? ''
      return { status: 'ok' }
    })
    const silent = message(type, { maxAttempts: 1, headers: { policyIdleTimeoutMs: '80' } })
    await queue.enqueue(silent)
    await until(async () => (await dead(silent.id)) !== undefined)
    expect(seen).toHaveLength(1)
    expect(reason).toContain('80ms')
  })

  it('waits for the result where the caller wants it', async () => {
    const { type } = processor(async (_message, _seen, ctx) => {
      ctx.emit({ step: 1 })
      return { status: 'dead', reason: 'done' }
    })
    const events: unknown[] = []
    const result = await queue.enqueueAndWait(message(type), { onEvent: (event) => events.push(event) })
    expect(result).toEqual({ status: 'dead', reason: 'done' })
    expect(events).toEqual([{ step: 1 }])
    await expect(queue.enqueueAndWait(message(type), { delayMs: 60_000, timeoutMs: 50 })).rejects.toThrow('timed out')
  })

  it.each([
    [undefined, 'handoff'],
    ['default', 'handoff'],
    ['handoff', 'handoff'],
    ['realtime', 'handoff:realtime'],
    ['handoff:batch', 'handoff:batch'],
    ['integration', 'handoff:integration']
  ])('takes the header %s to the queue %s', async (header, name) => {
    const { type } = processor(async () => ({ status: 'dead', reason: 'here' }))
    const sent = message(type, { headers: { ...(header ? { handoffQueue: header } : {}) } })
    await queue.enqueue(sent)
    await until(async () => (await dead(sent.id)) !== undefined)
    expect((await dead(sent.id))?.queue).toBe(name)
  })

  it('gives no callback for a dispatch whose payload is invalid', async () => {
    const xpertId = await desk.expert({ kind: 'stream', text: 'hi' })
    const bad = dispatch(xpertId, { action: 'send', message: {} })
    await queue.enqueue(bad)
    await until(async () => (await dead(bad.id)) !== undefined)
    expect((await dead(bad.id))?.reason).toContain('message.input')
    expect(await desk.deliveries(bad.id)).toEqual([])
  })

  it('aborts a dispatch that is silent for longer than its policy allows', async () => {
    const silent = dispatch(await desk.expert({ kind: 'never' }), send('hello'), {
      headers: { policyIdleTimeoutMs: '1000' }
    })
    await queue.enqueue(silent)
    const ours = await desk.run(silent.id)
    expect(ours.map(nameOf)).toEqual(['on_conversation_start', 'on_message_start', 'on_agent_start', 'error'])
    expect(ours.at(-1)?.error).toMatch(/^Agent chat dispatch aborted: /)
    expect(await dead(silent.id)).toBeDefined()
  })
})

describe('the slots of a named queue', () => {
  it('are held by runs to their end, while other queues go on', async () => {
    const desk = await TestDesk.open()
    const app = await startTinyHost({
      databaseUrl: desk.database.url,
      instance: 'slots',
      queueSlots: 3,
      shutdownGraceMs: 0
    })
    try {
      const queue = app.get(HandoffQueue)
      const never = await desk.expert({ kind: 'never' })
      await Promise.all([1, 2, 3, 4, 5].map((n) => queue.enqueue(dispatch(never, send(String(n))))))
      await until(async () => (await app.get(RunLog).list(never)).length === 3)
      const realtime = (await queue.stats()).find((row) => row.queue === 'handoff:realtime')
      expect(realtime).toEqual({ queue: 'handoff:realtime', waiting: 2, running: 3, dead: 0 })
      // Callbacks have their own queue, so they are delivered although every slot of the runs' queue is taken.
      await until(async () => (await desk.database.query('select 1 from delivery')).length === 9)
      expect(await app.get(RunLog).list(never)).toHaveLength(3)
    } finally {
      await app.close()
      await desk.close()
    }
  })
})
