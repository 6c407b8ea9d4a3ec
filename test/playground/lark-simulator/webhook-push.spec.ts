import { adaptDefault } from '@larksuiteoapi/node-sdk'
import { Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LarkSimulator, SimApp, SimUser } from '../../../playground/lark-simulator/client'
import { dispatcherFor } from './bot'
import { WebhookReceiver } from './webhook-receiver'

describe('webhook push', () => {
  let sim: LarkSimulator
  let receiver: WebhookReceiver
  let user: SimUser
  let app: SimApp

  beforeAll(async () => {
    sim = await LarkSimulator.spawn()
    user = await sim.createUser({ name: 'Ann' })
  })
  beforeEach(async () => {
    await sim.clearFaults()
    receiver = await WebhookReceiver.start()
    app = await sim.createApp({ transport: 'webhook', name: 'Bot', webhookUrl: receiver.url })
  })
  afterEach(async () => {
    await sim.cancelRetries()
    await receiver.stop()
  })
  afterAll(() => sim.stop())

  const say = (text: string) => sim.say({ userId: user.userId, appId: app.appId, text })

  describe('to the official EventDispatcher', () => {
    let server: Server
    const heard: unknown[] = []

    beforeEach(async () => {
      heard.length = 0
      const dispatcher = dispatcherFor({ 'im.message.receive_v1': (data) => void heard.push(data) }, 'secret key')
      server = createServer(adaptDefault('/hook', dispatcher, { autoChallenge: true }) as never)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
      app = await sim.createApp({ transport: 'webhook', encryptKey: 'secret key', webhookUrl })
    })
    afterEach(() => server.close())

    it('passes its signature check, its decryption and its challenge', async () => {
      expect(await sim.verifyWebhook(app.appId)).toMatchObject({ ok: true, status: 200 })
      const { messageId } = await say('grüß dich')
      await sim.settled()
      expect(heard).toMatchObject([
        {
          event_type: 'im.message.receive_v1',
          message: { message_id: messageId, chat_type: 'p2p', content: '{"text":"grüß dich"}' },
          sender: { sender_type: 'user' }
        }
      ])
    })
  })

  it('sends plain, unsigned bodies without an encrypt key', async () => {
    await say('hello')
    await receiver.waitFor(1)
    const [{ headers, body }] = receiver.received
    expect(headers['content-type']).toBe('application/json;charset=utf-8')
    expect(headers['x-lark-signature']).toBeUndefined()
    expect(JSON.parse(body)).toMatchObject({
      schema: '2.0',
      header: { token: app.verificationToken, app_id: app.appId, event_type: 'im.message.receive_v1' }
    })
  })

  it('reports a challenge that is answered wrongly or too late', async () => {
    expect(await sim.verifyWebhook(app.appId)).toMatchObject({ ok: false, status: 200 })
    receiver.answer = () => undefined
    const check = sim.verifyWebhook(app.appId)
    await receiver.waitFor(2)
    await sim.changeClock({ advanceMs: 1000 })
    expect(await check).toMatchObject({ ok: false, status: 0, body: 'timeout' })
  })

  it('climbs the ladder of 15 s, 5 min, 1 h and 6 h with the same event id and then gives up', async () => {
    receiver.answer = (_push, response) => void response.writeHead(500).end()
    const { messageId } = await say('anybody?')
    for (const [attempt, waitMs] of [
      [1, 15_000],
      [2, 300_000],
      [3, 3_600_000],
      [4, 21_600_000]
    ] as const) {
      await sim.waitForDelivery({ appId: app.appId, messageId, attempt })
      await sim.settled(5000, { ignoreRetries: true })
      await sim.changeClock({ advanceMs: waitMs - 2000 })
      expect(await sim.deliveries({ messageId })).toHaveLength(attempt)
      await sim.changeClock({ advanceMs: 2000 })
    }
    await sim.settled()
    const deliveries = await sim.deliveries({ messageId })
    expect(deliveries.map(({ attempt, status, ok }) => [attempt, status, ok])).toEqual(
      [1, 2, 3, 4, 5].map((attempt) => [attempt, 500, false])
    )
    expect(new Set(deliveries.map(({ eventId }) => eventId)).size).toBe(1)
  })

  it('stops at the first HTTP 200 and counts a late one as none', async () => {
    receiver.answer = () => undefined
    const { messageId } = await say('slow')
    await receiver.waitFor(1)
    await sim.changeClock({ advanceMs: 3000 })
    expect(await sim.waitForDelivery({ messageId, attempt: 1 })).toMatchObject({ ok: false, error: 'timeout' })
    await sim.settled(5000, { ignoreRetries: true })
    receiver.answer = (_push, response) => void response.end()
    await sim.changeClock({ advanceMs: 15_000 })
    expect(await sim.waitForDelivery({ messageId, attempt: 2 })).toMatchObject({ ok: true, status: 200 })
    await sim.settled()
  })

  it('does not follow redirects and notes an unreachable URL', async () => {
    receiver.answer = (_push, response) => void response.writeHead(302, { location: '/elsewhere' }).end()
    expect(await sim.waitForDelivery({ messageId: (await say('moved')).messageId })).toMatchObject({
      ok: false,
      status: 302
    })
    await sim.updateApp(app.appId, { webhookUrl: 'http://127.0.0.1:1/nobody' })
    expect(await sim.waitForDelivery({ messageId: (await say('gone')).messageId })).toMatchObject({
      ok: false,
      error: 'connect'
    })
  })

  it('duplicates, reorders, drops acknowledgements and delays where a fault says so', async () => {
    const texts = () =>
      receiver.received.map(
        ({ body }) =>
          (
            JSON.parse((JSON.parse(body) as { event: { message: { content: string } } }).event.message.content) as {
              text: string
            }
          ).text
      )
    await sim.addFault({ on: 'delivery', appId: app.appId, duplicate: 1 })
    await say('twice')
    await sim.settled()
    expect(texts()).toEqual(['twice', 'twice'])
    await sim.addFault({ on: 'delivery', appId: app.appId, reorder: true })
    await say('first')
    await say('second')
    await sim.settled()
    expect(texts().slice(2)).toEqual(['second', 'first'])
    await sim.addFault({ on: 'delivery', appId: app.appId, reorder: true, times: 4 })
    for (const pair of [
      ['third', 'fourth'],
      ['fifth', 'sixth']
    ]) {
      for (const text of pair) await say(text)
      await sim.settled()
    }
    expect(texts().slice(4)).toEqual(['fourth', 'third', 'sixth', 'fifth'])
    await sim.addFault({ on: 'delivery', appId: app.appId, dropAck: true })
    const { messageId } = await say('again')
    expect(await sim.waitForDelivery({ messageId, attempt: 1 })).toMatchObject({
      ok: false,
      error: 'ack_dropped',
      status: 200
    })
    await sim.settled(5000, { ignoreRetries: true })
    await sim.changeClock({ advanceMs: 15_000 })
    await sim.waitForDelivery({ messageId, attempt: 2, ok: true })
    await sim.addFault({ on: 'delivery', appId: app.appId, delayMs: 60_000 })
    const late = await say('late')
    expect(await sim.deliveries({ messageId: late.messageId })).toEqual([])
    await sim.changeClock({ advanceMs: 60_000 })
    await sim.waitForDelivery({ messageId: late.messageId, ok: true })
  })

  it('redelivers on demand, with the same event id unless told otherwise', async () => {
    const { messageId } = await say('once more')
    await sim.settled()
    await sim.redeliver({ appId: app.appId, messageId, times: 2, together: true })
    await sim.redeliver({ appId: app.appId, messageId, newEventId: true })
    const ids = (await sim.deliveries({ messageId })).map(({ eventId }) => eventId)
    expect(ids.slice(0, 3).every((id) => id === ids[0])).toBe(true)
    expect(ids[3]).not.toBe(ids[0])
  })

  it('pushes arbitrary events in both envelopes', async () => {
    await sim.push({ appId: app.appId, eventType: 'p2p_chat_create', event: { chat_id: 'oc_1' }, schema: '1.0' })
    const { eventId } = await sim.push({
      appId: app.appId,
      eventType: 'application.bot.menu_v6',
      event: { event_key: 'k' }
    })
    await sim.settled()
    const bodies = receiver.received.map(({ body }) => JSON.parse(body) as object)
    expect(bodies[0]).toMatchObject({
      type: 'event_callback',
      token: app.verificationToken,
      event: { type: 'p2p_chat_create', chat_id: 'oc_1', app_id: app.appId }
    })
    expect(bodies[1]).toMatchObject({
      header: { event_id: eventId, event_type: 'application.bot.menu_v6' },
      event: { event_key: 'k' }
    })
  })
})
