import { randomUUID } from 'node:crypto'
import type { INestApplicationContext } from '@nestjs/common'
import {
  CancelConversation,
  Conversations,
  type ExpertScript,
  HandoffQueue,
  RunLog
} from '../../../../playground/xpert-host/handoff'
import { startTinyHost } from './tiny-host'
import {
  type CallbackPayload,
  dispatch,
  eventData,
  nameOf,
  ORGANIZATION,
  send,
  spoken,
  TENANT,
  TestDesk,
  until
} from './test-desk'

const QUESTION: ExpertScript = {
  kind: 'interrupt',
  tool: 'probe_tool',
  args: { x: 1 },
  approvedText: 'approved',
  rejectedText: 'rejected'
}
const SLOW_TOOL: ExpertScript = { kind: 'stream', text: 'about {input}', tool: { name: 'probe_tool', silentMs: 4_000 } }

describe('talking to an expert', () => {
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

  const start = async (xpertId: string, request: object, change?: Parameters<typeof dispatch>[2]): Promise<string> =>
    (await queue.enqueue(dispatch(xpertId, request as Record<string, unknown>, change))).id
  const talk = async (xpertId: string, request: object): Promise<CallbackPayload[]> =>
    desk.run(await start(xpertId, request))
  const names = (payloads: CallbackPayload[]): string[] => payloads.map(nameOf)
  const delivered = async (runId: string, name: string): Promise<CallbackPayload> => {
    let found: CallbackPayload | undefined
    await until(async () => {
      found = (await desk.deliveries(runId))
        .map(({ message }) => message.payload)
        .find((payload) => nameOf(payload) === name)
      return found !== undefined
    })
    return found!
  }
  const conversationOf = async (runId: string): Promise<string> =>
    String((await delivered(runId, 'on_conversation_start')).event!.data.data.id)

  describe('interrupt', () => {
    const interrupted = async (
      script: ExpertScript = QUESTION
    ): Promise<{ xpertId: string; conversationId: string }> => {
      const xpertId = await desk.expert(script)
      const first = await talk(xpertId, send('please'))
      return { xpertId, conversationId: String(eventData(first, 'on_conversation_end')[0].id) }
    }
    const resume = (conversationId: string, decision: object, patch?: object): object => ({
      action: 'resume',
      conversationId,
      decision,
      patch
    })

    it('runs the tool with edited arguments', async () => {
      const { xpertId, conversationId } = await interrupted()
      const payload = { decisions: [{ type: 'edit', editedAction: { name: 'probe_tool', args: { x: 2 } } }] }
      const ours = await talk(xpertId, resume(conversationId, { type: 'confirm', payload }))
      expect(ours.find((one) => nameOf(one) === 'component')?.event?.data.data.data).toMatchObject({ input: { x: 2 } })
      expect(spoken(ours)).toBe('approved')
    })

    it('asks again after a reject without payload, and can then be approved', async () => {
      const { xpertId, conversationId } = await interrupted()
      const again = await talk(xpertId, resume(conversationId, { type: 'reject' }))
      expect(names(again)).toContain('on_interrupt')
      expect(eventData(again, 'on_conversation_end')[0]).toMatchObject({
        status: 'interrupted',
        operation: { tasks: [expect.anything()] }
      })
      const approved = await talk(
        xpertId,
        resume(conversationId, { type: 'confirm', payload: { decisions: [{ type: 'approve' }] } })
      )
      expect(spoken(approved)).toBe('approved')
    })

    it('fails on a confirm without payload and stays resumable', async () => {
      const { xpertId, conversationId } = await interrupted()
      const failed = await talk(xpertId, resume(conversationId, { type: 'confirm' }))
      expect(eventData(failed, 'on_conversation_end')[0]).toMatchObject({ status: 'error' })
      const rejected = await talk(
        xpertId,
        resume(conversationId, { type: 'reject', payload: { decisions: [{ type: 'reject' }] } })
      )
      expect(spoken(rejected)).toBe('rejected')
    })

    it('is forgotten after a plain message: a later resume ends without text', async () => {
      const { xpertId, conversationId } = await interrupted({
        kind: 'sequence',
        steps: [QUESTION, { kind: 'stream', text: 'plain' }]
      })
      const first = await app.get(RunLog).list(xpertId)
      expect(spoken(await talk(xpertId, send('something else', conversationId)))).toBe('plain')
      const late = await talk(xpertId, {
        action: 'resume',
        conversationId,
        target: { executionId: first[0].executionId },
        decision: { type: 'confirm', payload: { decisions: [{ type: 'approve' }] } }
      })
      expect(names(late)).toEqual([
        'on_conversation_start',
        'on_message_start',
        'on_agent_start',
        'on_agent_end',
        'on_message_end',
        'on_conversation_end',
        'complete'
      ])
    })

    it('is not disarmed by a cancel', async () => {
      const { xpertId, conversationId } = await interrupted()
      await app.get(CancelConversation).execute({ conversationId }, { tenantId: TENANT })
      expect((await app.get(Conversations).list(xpertId))[0].status).toBe('interrupted')
      const approved = await talk(
        xpertId,
        resume(conversationId, { type: 'confirm', payload: { decisions: [{ type: 'approve' }] } })
      )
      expect(spoken(approved)).toBe('approved')
    })

    it('of the tool shape carries the call and its parameters, and takes decisions without payload', async () => {
      const tool = { ...QUESTION, shape: 'tool' as const }
      const { xpertId, conversationId } = await interrupted(tool)
      const [run] = await app.get(RunLog).list(xpertId)
      const [end] = eventData(await desk.run(run.id), 'on_conversation_end')
      expect(end.operation).toMatchObject({
        tasks: [
          {
            type: 'tool',
            info: { name: 'probe_tool' },
            call: { name: 'probe_tool', args: { x: 1 } },
            parameters: [{ name: 'x', type: 'number' }]
          }
        ]
      })
      const ours = await talk(
        xpertId,
        resume(conversationId, { type: 'confirm' }, { toolCalls: [{ name: 'probe_tool', args: { x: 9 } }] })
      )
      expect(ours.find((one) => nameOf(one) === 'component')?.event?.data.data.data).toMatchObject({ input: { x: 9 } })
      const other = await interrupted(tool)
      expect(spoken(await talk(other.xpertId, resume(other.conversationId, { type: 'reject' })))).toBe('rejected')
    })
  })

  describe('follow-up', () => {
    it('of mode steer is taken in at the next model call', async () => {
      const xpertId = await desk.expert(SLOW_TOOL)
      const runId = await start(xpertId, send('this'))
      await delivered(runId, 'component')
      const clientMessageId = randomUUID()
      const request = {
        action: 'follow_up',
        mode: 'steer',
        conversationId: await conversationOf(runId),
        message: { clientMessageId, input: { input: 'that' } }
      }
      expect(names(await talk(xpertId, request))).toEqual(['complete'])
      const ours = await desk.run(runId)
      expect(names(ours).slice(3, 9)).toEqual([
        'component',
        'component',
        'on_message_end',
        'on_chat_event',
        'on_message_start',
        'text'
      ])
      expect(eventData(ours, 'on_chat_event')[0]).toMatchObject({
        type: 'follow_up_consumed',
        mode: 'steer',
        clientMessageIds: [clientMessageId]
      })
      expect(spoken(ours)).toBe('about that')
      const [before, after] = eventData(ours, 'on_message_start')
      expect(after.id).not.toBe(before.id)
      expect(after.executionId).toBe(before.executionId)
    })

    it('of mode steer stays pending when no model call follows, and fails after the end', async () => {
      const xpertId = await desk.expert({ kind: 'stream', text: 'a b c d e f', everyMs: 800 })
      const runId = await start(xpertId, send('this'))
      await delivered(runId, 'text')
      const request = {
        action: 'follow_up',
        mode: 'steer',
        conversationId: await conversationOf(runId),
        message: { input: { input: 'that' } }
      }
      expect(names(await talk(xpertId, request))).toEqual(['complete'])
      const ours = await desk.run(runId)
      expect(eventData(ours, 'on_message_start')).toHaveLength(1)
      expect(await talk(xpertId, request)).toMatchObject([
        { kind: 'error', sequence: 1, errorCode: 'steer_target_not_running' }
      ])
    })

    it('of mode queue is consumed by a send with the same clientMessageId, and by nothing else', async () => {
      const xpertId = await desk.expert({ kind: 'stream', text: '{n}: {input}' })
      const first = await talk(xpertId, send('first'))
      const conversationId = String(eventData(first, 'on_conversation_start')[0].id)
      const request = {
        action: 'follow_up',
        mode: 'queue',
        conversationId,
        message: { clientMessageId: 'c-1', input: { input: 'second' } }
      }
      expect(names(await talk(xpertId, request))).toEqual(['complete'])
      expect(await app.get(RunLog).list(xpertId)).toHaveLength(1)
      expect(spoken(await talk(xpertId, send('second', conversationId, 'c-1')))).toBe('2: second')
      const [conversation] = await app.get(Conversations).list(xpertId)
      expect(conversation.messages.map(({ role, content }) => [role, content])).toEqual([
        ['human', 'first'],
        ['ai', '1: first'],
        ['human', 'second'],
        ['ai', '2: second']
      ])
    })
  })

  it('lets one exchange vanish from the history when two messages run at once', async () => {
    const xpertId = await desk.expert({ kind: 'stream', text: '{n}', silentMs: 1_500 })
    const first = await talk(xpertId, send('one'))
    const conversationId = String(eventData(first, 'on_conversation_start')[0].id)
    const both = await Promise.all([
      talk(xpertId, send('two', conversationId)),
      talk(xpertId, send('three', conversationId))
    ])
    expect(both.map(spoken)).toEqual(['2', '2'])
    expect(spoken(await talk(xpertId, send('four', conversationId)))).toBe('3')
    expect((await app.get(Conversations).list(xpertId))[0].messages).toHaveLength(8)
  })

  it('answers the same message again on retry', async () => {
    const xpertId = await desk.expert({ kind: 'stream', text: '{n}: {input}' })
    const first = await talk(xpertId, send('one'))
    const conversationId = String(eventData(first, 'on_conversation_start')[0].id)
    const again = await talk(xpertId, { action: 'retry', conversationId, source: {} })
    expect(spoken(again)).toBe('1: one')
    expect(eventData(again, 'on_message_start')[0].id).not.toBe(eventData(first, 'on_message_start')[0].id)
  })

  describe('a conversation', () => {
    const CALM: ExpertScript = { kind: 'stream', text: 'about {input}', deltas: 1 }
    const begun = async (): Promise<{ xpertId: string; conversationId: string }> => {
      const xpertId = await desk.expert(CALM)
      const first = await talk(xpertId, send('one'))
      return { xpertId, conversationId: String(eventData(first, 'on_conversation_start')[0].id) }
    }
    const refusal = async (xpertId: string, conversationId: string): Promise<unknown> => {
      const events = await talk(xpertId, send('two', conversationId))
      return { names: names(events), error: events.at(-1)?.error }
    }

    it('that was deleted refuses its next message before anything else happens', async () => {
      const { xpertId, conversationId } = await begun()
      const conversations = app.get(Conversations)
      expect(await conversations.delete(conversationId, { tenantId: TENANT, organizationId: null })).toBe(false)
      expect(await conversations.delete(conversationId, { tenantId: TENANT, organizationId: ORGANIZATION })).toBe(true)
      expect(await conversations.list(xpertId)).toEqual([])
      expect(await refusal(xpertId, conversationId)).toEqual({
        names: ['error'],
        error: 'The requested record was not found'
      })
    })

    it.each([
      ['"xpertId" = NULL', 'The requested Xpert does not match the conversation Xpert'],
      ['"createdById" = gen_random_uuid()', 'You do not have access to this conversation']
    ])('of somebody else refuses it too: %s', async (change, error) => {
      const { xpertId, conversationId } = await begun()
      await desk.database.query(`UPDATE chat_conversation SET ${change} WHERE id = $1`, [conversationId])
      expect(await refusal(xpertId, conversationId)).toEqual({ names: ['error'], error })
    })
  })

  describe('cancel', () => {
    const LONG: ExpertScript = { kind: 'stream', text: 'x'.repeat(400), deltas: 200, everyMs: 30 }

    it('by conversation interrupts the run without an operation', async () => {
      const xpertId = await desk.expert(LONG)
      const runId = await start(xpertId, send('go on'))
      await delivered(runId, 'text')
      const conversationId = await conversationOf(runId)
      const { canceledExecutionIds } = await app
        .get(CancelConversation)
        .execute({ conversationId }, { tenantId: TENANT })
      const ours = await desk.run(runId)
      expect(names(ours).slice(-4)).toEqual(['on_agent_end', 'on_message_end', 'on_conversation_end', 'complete'])
      expect(eventData(ours, 'on_agent_end')[0]).toMatchObject({
        id: canceledExecutionIds[0],
        status: 'interrupted',
        error: 'Canceled by user'
      })
      expect(eventData(ours, 'on_message_end')[0]).toMatchObject({ status: 'success', error: null })
      expect(eventData(ours, 'on_conversation_end')[0]).toEqual({
        id: conversationId,
        title: 'go on',
        status: 'interrupted',
        operation: null,
        error: 'Canceled by user'
      })
      const [conversation] = await app.get(Conversations).list(xpertId)
      expect(conversation).toMatchObject({ status: 'interrupted', messages: [{}, { role: 'ai', status: 'aborted' }] })
    })

    it('does not reach another tenant', async () => {
      const xpertId = await desk.expert({ kind: 'stream', text: 'a b', everyMs: 200 })
      const executionId = randomUUID()
      const runId = await start(xpertId, send('go on'), { payload: { executionId } })
      const conversationId = await conversationOf(runId)
      const cancel = app.get(CancelConversation)
      for (const target of [{ conversationId }, { executionId }]) {
        expect(await cancel.execute(target, { tenantId: randomUUID() })).toEqual({ canceledExecutionIds: [] })
      }
      expect(eventData(await desk.run(runId), 'on_conversation_end')[0]).toMatchObject({ status: 'idle' })
    })

    it('by the own id of a dispatch ends it in error', async () => {
      const executionId = randomUUID()
      const xpertId = await desk.expert(LONG)
      const runId = await start(xpertId, send('go on'), {
        payload: { executionId },
        options: { execution: { id: executionId } }
      })
      await delivered(runId, 'on_agent_start')
      expect(await app.get(CancelConversation).execute({ executionId })).toEqual({
        canceledExecutionIds: [executionId]
      })
      const ours = await desk.run(runId)
      expect(ours.at(-1)).toMatchObject({ kind: 'error', error: 'Agent chat dispatch aborted: Canceled by user' })
    })

    it('removes a dispatch that still waits, without any callback', async () => {
      const executionId = randomUUID()
      const xpertId = await desk.expert(LONG)
      const waiting = dispatch(xpertId, send('go on'), { payload: { executionId } })
      await queue.enqueue(waiting, { delayMs: 60_000 })
      expect(await app.get(CancelConversation).execute({ executionId })).toEqual({
        canceledExecutionIds: [executionId]
      })
      expect((await queue.stats()).find((row) => row.queue === 'handoff:realtime')).toMatchObject({ waiting: 0 })
      expect(await desk.deliveries(waiting.id)).toEqual([])
    })
  })
})
