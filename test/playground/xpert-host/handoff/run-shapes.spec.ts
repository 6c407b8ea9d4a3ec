import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { INestApplicationContext } from '@nestjs/common'
import { type ExpertScript, HandoffQueue } from '../../../../playground/xpert-host/handoff'
import { startTinyHost } from './tiny-host'
import { type CallbackPayload, dispatch, eventData, nameOf, send, spoken, TestDesk } from './test-desk'

const RECORDINGS = join(__dirname, '../../../../../shared/facts/recordings')
const recorded = existsSync(RECORDINGS) ? describe : describe.skip
if (!existsSync(RECORDINGS))
  process.stderr.write('SKIPPED: the recordings of a real host are not beside this checkout\n')

/** The payloads of one dispatch of a recording, in sequence. */
function recording(name: string, dispatchIndex = 0): CallbackPayload[] {
  const payloads = readFileSync(join(RECORDINGS, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line): CallbackPayload => JSON.parse(line).message.payload)
  const ids = [...new Set(payloads.map((payload) => payload.sourceMessageId))]
  return payloads
    .filter((payload) => payload.sourceMessageId === ids[dispatchIndex])
    .sort((a, b) => a.sequence - b.sequence)
}

const names = (payloads: CallbackPayload[]): string[] => payloads.map(nameOf)

/** Every field that the recorded event has and ours lacks. */
function missingFields(ours: CallbackPayload[], theirs: CallbackPayload[]): string[] {
  return theirs.flatMap((payload, index) => {
    const data = payload.event?.data.data ?? {}
    const mine = ours[index].event?.data.data ?? {}
    return Object.keys(data)
      .filter((key) => !(key in mine))
      .map((key) => `${nameOf(payload)}.${key}`)
  })
}

const stream = (text: string, rest: Partial<Extract<ExpertScript, { kind: 'stream' }>> = {}): ExpertScript => ({
  kind: 'stream',
  text,
  ...rest
})
const QUESTION: ExpertScript = {
  kind: 'interrupt',
  tool: 'probe_tool',
  args: { x: 'v6' },
  approvedText: 'done so now',
  rejectedText: 'not done then'
}

describe('what a run looks like to its sender', () => {
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

  const say = async (
    script: ExpertScript,
    request: Record<string, unknown> = send('hello')
  ): Promise<CallbackPayload[]> => {
    const { id } = await queue.enqueue(dispatch(await desk.expert(script), request))
    return desk.run(id)
  }

  recorded('beside the recordings', () => {
    it('has the sequence and the fields of a short answer', async () => {
      const ours = await say(stream('one two three four five'))
      expect(names(ours)).toEqual(names(recording('01-short-answer')))
      expect(missingFields(ours, recording('01-short-answer'))).toEqual([])
    })

    it('has the sequence of forty deltas', async () => {
      const ours = await say(stream('x'.repeat(80), { deltas: 40 }))
      expect(names(ours)).toEqual(names(recording('02-forty-deltas')))
    })

    it('has the sequence and the component fields of a tool call', async () => {
      const ours = await say(stream('a b c', { tool: { name: 'probe_tool' } }))
      const theirs = recording('03-tool-call')
      expect(names(ours)).toEqual(names(theirs))
      expect(missingFields(ours, theirs)).toEqual([])
      const [running, success] = ours
        .filter((payload) => nameOf(payload) === 'component')
        .map((payload) => payload.event!.data.data)
      expect(running).toMatchObject({
        id: success.id,
        data: { status: 'running', category: 'Tool', tool: 'probe_tool' }
      })
      expect(success).toMatchObject({ data: { status: 'success' } })
    })

    it('ends a failed run with status error and complete', async () => {
      const ours = await say({ kind: 'fail', message: '500 fake llm failure' })
      const theirs = recording('04-llm-error')
      expect(names(ours)).toEqual(names(theirs))
      for (const event of ['on_agent_end', 'on_message_end', 'on_conversation_end']) {
        expect(eventData(ours, event)[0]).toMatchObject({ status: 'error', error: '500 fake llm failure' })
      }
    })

    it.each([
      ['06-interrupt-then-approve', { type: 'confirm', payload: { decisions: [{ type: 'approve' }] } }],
      [
        '07-interrupt-then-reject',
        { type: 'reject', payload: { decisions: [{ type: 'reject', message: 'no thanks' }] } }
      ]
    ])('interrupts and resumes as %s', async (name, decision) => {
      const xpertId = await desk.expert(QUESTION)
      const first = await desk.run((await queue.enqueue(dispatch(xpertId, send('please')))).id)
      expect(names(first)).toEqual(names(recording(name)))
      expect(missingFields(first, recording(name))).toEqual([])
      const [end] = eventData(first, 'on_conversation_end')
      expect(end).toMatchObject({ status: 'interrupted', error: null, operation: eventData(first, 'on_interrupt')[0] })

      const [{ id: aiMessageId, executionId }] = eventData(first, 'on_message_start')
      const request = { action: 'resume', conversationId: end.id, target: { aiMessageId, executionId }, decision }
      const second = await desk.run((await queue.enqueue(dispatch(xpertId, request))).id)
      expect(names(second)).toEqual(names(recording(name, 1)))
      expect(missingFields(second, recording(name, 1))).toEqual([])
      expect(eventData(second, 'on_message_start')[0]).toMatchObject({ id: aiMessageId, executionId })
      expect(eventData(second, 'on_conversation_end')[0]).toMatchObject({ id: end.id, status: 'idle', operation: null })
    })

    it('says one error for an unknown expert', async () => {
      const { id } = await queue.enqueue(dispatch('99999999-9999-4999-8999-999999999999', send('hello')))
      const ours = await desk.run(id)
      const [theirs] = recording('11-unknown-expert')
      expect(ours).toEqual([{ ...theirs, sourceMessageId: id, context: { token: 'abc' } }])
    })
  })

  it('gives each message the envelope of its source', async () => {
    const message = dispatch(await desk.expert(stream('hi')), send('hello'))
    await queue.enqueue(message)
    await desk.run(message.id)
    const { message: callback } = (await desk.deliveries(message.id))[0]
    expect(callback).toMatchObject({
      id: `${message.id}:callback:${callback.payload.sequence}`,
      parentMessageId: message.id,
      tenantId: message.tenantId,
      sessionKey: message.sessionKey,
      traceId: message.traceId,
      attempt: 1,
      maxAttempts: 5,
      payload: { context: { token: 'abc' } },
      headers: { organizationId: message.headers!.organizationId, handoffQueue: 'handoff:integration', source: 'lark' }
    })
  })

  it('puts the whole text into on_message_end and fills in the input and the turn', async () => {
    const ours = await say(stream('Turn {n}: you said {input}.'), send('good day'))
    expect(spoken(ours)).toBe('Turn 1: you said good day.')
    const [end] = eventData(ours, 'on_message_end')
    expect(end.content).toEqual([expect.objectContaining({ type: 'text', text: 'Turn 1: you said good day.' })])
    expect(eventData(ours, 'on_conversation_end')[0]).toMatchObject({ status: 'idle', title: 'good day' })
  })

  it('lets state.human win over the message', async () => {
    const ours = await say(stream('{input}'), { ...send('from message'), state: { human: { input: 'from state' } } })
    expect(spoken(ours)).toBe('from state')
  })

  it('streams reasoning apart from the text', async () => {
    const ours = await say(stream('answer', { reasoning: 'let me think' }))
    expect(names(ours).slice(3, 5)).toEqual(['reasoning', 'text'])
    expect(eventData(ours, 'on_message_end')[0].content).toEqual([expect.objectContaining({ text: 'answer' })])
  })

  it('goes through a sequence turn by turn and stays at the last step', async () => {
    const xpertId = await desk.expert({
      kind: 'sequence',
      steps: [{ kind: 'fail', message: 'not yet' }, stream('second'), stream('last {n}')]
    })
    const first = await desk.run((await queue.enqueue(dispatch(xpertId, send('1')))).id)
    const conversationId = String(eventData(first, 'on_conversation_start')[0].id)
    const texts: string[] = []
    for (const input of ['2', '3', '4']) {
      texts.push(spoken(await desk.run((await queue.enqueue(dispatch(xpertId, send(input, conversationId)))).id)))
    }
    expect(texts).toEqual(['second', 'last 3', 'last 4'])
  })

  it('needs an organisation, unless it runs as the assistant', async () => {
    const xpertId = await desk.expert(stream('hi'))
    const without = dispatch(xpertId, send('hello'), { headers: { organizationId: undefined } })
    await queue.enqueue(without)
    expect(await desk.run(without.id)).toMatchObject([
      { kind: 'error', sequence: 1, error: 'Access denied to workspace' }
    ])
    const assistant = dispatch(xpertId, send('hello'), {
      headers: { organizationId: undefined, userId: undefined },
      options: { runtimePrincipal: { type: 'assistant' } }
    })
    await queue.enqueue(assistant)
    expect(spoken(await desk.run(assistant.id))).toBe('hi')
  })
})
