import type { Client } from '@larksuiteoapi/node-sdk'
import { LarkSimulator, SimApp, SimChat } from '../../../playground/lark-simulator/client'
import { clientOf, text } from './bot'

describe('API faults', () => {
  let sim: LarkSimulator
  let app: SimApp
  let chat: SimChat
  let client: Client

  beforeAll(async () => {
    sim = await LarkSimulator.spawn({ clock: { now: Date.UTC(2030, 0, 1) } })
  })
  beforeEach(async () => {
    const user = await sim.createUser({ name: 'Ann' })
    app = await sim.createApp({ transport: 'webhook', name: 'Bot' })
    chat = await sim.createDirectChat({ userId: user.userId, appId: app.appId })
    client = clientOf(sim, app)
  })
  afterEach(() => sim.clearFaults())
  afterAll(() => sim.stop())

  const create = () =>
    client.im.v1.message.create({
      params: { receive_id_type: 'chat_id' },
      data: { receive_id: chat.chatId, uuid: 'u', ...text('hello') }
    })
  const fault = (input: object) => sim.addFault({ on: 'api', api: 'im.message.create', appId: app.appId, ...input })
  const count = async () => (await sim.read(chat.chatId)).length

  it('drops the call before or after the work', async () => {
    await fault({ drop: 'before' })
    await expect(create()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await count()).toBe(0)
    await fault({ drop: 'after' })
    await expect(create()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await count()).toBe(1)
    expect((await create()).code).toBe(0)
    expect(await count()).toBe(1)
    await sim.settled()
    const calls = await sim.calls({ api: 'im.message.create', appId: app.appId })
    expect(calls.map(({ status, code }) => [status, code])).toEqual([
      [0, 0],
      [0, 0],
      [200, 0]
    ])
  })

  it('answers with errors, a rate limit, HTTP 200 with a code, or no data', async () => {
    await fault({ status: 502 })
    await expect(create()).rejects.toMatchObject({ response: { status: 502 } })
    await fault({ code: 230049 })
    await expect(create()).rejects.toMatchObject({
      response: { status: 400, data: { code: 230049, msg: 'The message is being sent.' } }
    })
    await fault({ rateLimited: true })
    await expect(create()).rejects.toMatchObject({ response: { status: 429, data: { code: 99991400 } } })
    await fault({ okWithCode: 230020 })
    expect((await create()).code).toBe(230020)
    expect(await count()).toBe(0)
    await fault({ nullData: true })
    expect(await create()).toMatchObject({ code: 0, data: null })
    expect(await count()).toBe(1)
    expect(await sim.violations()).toEqual([])
  })

  it('delays on the virtual clock and lasts as often as it was told', async () => {
    await fault({ delayMs: 3_600_000, times: 2 })
    const calls = [create(), create()]
    await sim.waitForCall({ api: 'im.message.create', appId: app.appId, inFlight: true, count: 2 })
    await expect(sim.settled(100, { appId: app.appId })).rejects.toThrow(/calls in flight/)
    await sim.changeClock({ advanceMs: 3_600_000 })
    await Promise.all(calls)
    await fault({ status: 500, times: -1 })
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(create()).rejects.toMatchObject({ response: { status: 500 } })
    await sim.clearFaults()
    expect((await create()).code).toBe(0)
  })

  it('starts its clock where it was told and gives messages that time', async () => {
    await create()
    expect((await sim.read(chat.chatId))[0].createTime).toBeGreaterThanOrEqual(Date.UTC(2030, 0, 1))
    expect((await sim.clock()).rate).toBe(1)
  })

  it('tells a page about every visible change', async () => {
    const controller = new AbortController()
    const answer = await fetch(`${sim.url}/_control/stream?chatId=${chat.chatId}`, { signal: controller.signal })
    await create()
    const decoder = new TextDecoder()
    let seen = ''
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      seen += decoder.decode(chunk)
      if (seen.includes('\n\ndata:') && seen.endsWith('\n\n')) break
    }
    controller.abort()
    expect(JSON.parse(seen.split('data: ')[1])).toMatchObject({
      type: 'message',
      message: { text: 'hello', fromBot: true }
    })
  })

  it('fails a wait with a dump of the chat', async () => {
    await create()
    await expect(sim.waitForMessage(chat.chatId, { textIncludes: 'never said' }, 100)).rejects.toThrow(
      /never said.*\n.*hello/s
    )
  })
})
