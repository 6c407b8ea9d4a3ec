import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { INestApplicationContext } from '@nestjs/common'
import { type ExpertScript, HandoffQueue } from '../../../../playground/xpert-host/handoff'
import { startTinyHost } from './tiny-host'
import { dispatch, eventData, nameOf, send, spoken, TestDesk } from './test-desk'

type Prompt = { model: string; stream: boolean; messages: { role: string; content: string }[] }

describe('an expert on an OpenAI-compatible server', () => {
  let desk: TestDesk
  let server: Server
  let answer: (prompt: Prompt, response: ServerResponse) => void
  const prompts: Prompt[] = []

  beforeAll(async () => {
    desk = await TestDesk.open()
    server = createServer((request, response) => void receive(request, response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })

  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await desk.close()
  })

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const prompt: Prompt = JSON.parse(body)
    prompts.push(prompt)
    answer(prompt, response)
  }

  const script = (): ExpertScript => ({
    kind: 'llm',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    apiKey: 'test-key',
    model: 'fake-gpt',
    systemPrompt: 'Be brief.'
  })

  const speakPieces =
    (...pieces: string[]) =>
    (_prompt: Prompt, response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of pieces) {
        const chunk = {
          id: 'chatcmpl-1',
          object: 'chat.completion.chunk',
          created: 1,
          model: 'fake-gpt',
          choices: [{ index: 0, delta: { role: 'assistant', content } }]
        }
        response.write(`data: ${JSON.stringify(chunk)}\n\n`)
      }
      response.end('data: [DONE]\n\n')
    }

  it('streams its pieces and gives it the conversation so far', async () => {
    const app: INestApplicationContext = await startTinyHost({
      databaseUrl: desk.database.url,
      instance: 'test',
      shutdownGraceMs: 0
    })
    try {
      const queue = app.get(HandoffQueue)
      const xpertId = await desk.expert(script())
      answer = speakPieces('Hel', 'lo ', 'you')
      const first = dispatch(xpertId, send('hi'))
      await queue.enqueue(first)
      const ours = await desk.run(first.id)
      expect(ours.map(nameOf).slice(3, 6)).toEqual(['text', 'text', 'text'])
      expect(spoken(ours)).toBe('Hello you')
      answer = speakPieces('again')
      const second = dispatch(xpertId, send('and?', String(eventData(ours, 'on_conversation_start')[0].id)))
      await queue.enqueue(second)
      await desk.run(second.id)
      expect(prompts.at(-1)).toMatchObject({ model: 'fake-gpt', stream: true })
      expect(prompts.at(-1)?.messages.map(({ role, content }) => [role, content])).toEqual([
        ['system', 'Be brief.'],
        ['user', 'hi'],
        ['assistant', 'Hello you'],
        ['user', 'and?']
      ])
    } finally {
      await app.close()
    }
  })

  it('ends in error after a long silence of repeated calls when the server answers 500', async () => {
    // The pauses between the calls are the client library's own, about 100 s: the clock of that process runs faster.
    await desk.spawn('fast', {}, { PLAYGROUND_CLOCK_RATE: '60' }, ['-r', './playground/clock/preload.ts'])
    prompts.length = 0
    answer = (_prompt, response) => {
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { message: 'fake llm failure' } }))
    }
    const message = dispatch(await desk.expert(script()), send('hi'), { headers: { policyIdleTimeoutMs: '600000' } })
    await desk.database.query(`select handoff_realtime.add_job('message', $1::json, max_attempts => 2)`, [
      JSON.stringify(message)
    ])
    const ours = await desk.run(message.id)
    expect(ours.map(nameOf)).toEqual([
      'on_conversation_start',
      'on_message_start',
      'on_agent_start',
      'on_agent_end',
      'on_message_end',
      'on_conversation_end',
      'complete'
    ])
    expect(eventData(ours, 'on_conversation_end')[0]).toMatchObject({ status: 'error', error: '500 fake llm failure' })
    expect(prompts).toHaveLength(7)
    const sent = (await desk.deliveries(message.id)).map((one) => one.message.enqueuedAt).sort((a, b) => a - b)
    expect(sent.at(-1)! - sent[0]).toBeGreaterThan(60_000)
  })
})
