import type { Client, WSClient } from '@larksuiteoapi/node-sdk'
import { LarkSimulator, SimApp, SimChat, SimUser } from '../../../playground/lark-simulator/client'
import { cardMessage, clientOf, codeOf, connect, dispatcherFor } from './bot'
import { WebhookReceiver } from './webhook-receiver'

const cardWith = (label: string, extra: object = {}) => ({
  schema: '2.0',
  body: {
    elements: [
      { tag: 'markdown', element_id: 'md', content: label },
      {
        tag: 'button',
        element_id: 'ok',
        name: 'ok_name',
        text: { tag: 'plain_text', content: 'OK' },
        behaviors: [{ type: 'callback', value: { choice: 1 } }],
        ...extra
      }
    ]
  }
})

describe('card actions', () => {
  let sim: LarkSimulator
  let user: SimUser
  let app: SimApp
  let chat: SimChat
  let client: Client
  let receiver: WebhookReceiver

  beforeAll(async () => {
    sim = await LarkSimulator.spawn()
    user = await sim.createUser({ name: 'Ann' })
    receiver = await WebhookReceiver.start()
  })
  afterAll(async () => {
    await receiver.stop()
    await sim.stop()
  })

  const prepare = async (input: Partial<SimApp> = {}) => {
    receiver.received.length = 0
    app = await sim.createApp({
      transport: 'webhook',
      name: 'Bot',
      webhookUrl: receiver.url,
      scopes: ['im:message', 'cardkit:card:write'],
      ...input
    })
    chat = await sim.createDirectChat({ userId: user.userId, appId: app.appId })
    client = clientOf(sim, app)
  }
  const sendCard = async (card: object) =>
    (
      await client.im.v1.message.create({
        params: { receive_id_type: 'chat_id' },
        data: { receive_id: chat.chatId, ...cardMessage(card) }
      })
    ).data?.message_id ?? ''
  const press = (messageId: string, button = 'OK', formValue?: Record<string, unknown>) =>
    sim.press({ userId: user.userId, messageId, button, formValue })
  const answer = (body: unknown, status = 200) => {
    receiver.answer = (_push, response) =>
      void response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const markdown = async () => (await sim.read(chat.chatId)).at(-1)?.card?.markdown

  it('shows the toast and the card that the webhook answers', async () => {
    await prepare()
    const messageId = await sendCard(cardWith('before'))
    answer({ toast: { type: 'success', content: 'done' }, card: { type: 'raw', data: cardWith('after') } })
    for (const name of ['OK', 'ok', 'ok_name'])
      expect(await press(messageId, name)).toEqual({ toast: { type: 'success', content: 'done' }, cardUpdated: true })
    expect(await markdown()).toEqual(['after'])
    const { header, event } = JSON.parse(receiver.received[0].body) as {
      header: { create_time: string }
      event: object
    }
    expect(header.create_time).toHaveLength(16)
    expect(event).toMatchObject({
      operator: { union_id: user.unionId },
      action: { tag: 'button', value: { choice: 1 }, name: 'ok_name' },
      context: { open_message_id: messageId, open_chat_id: chat.chatId },
      token: expect.stringMatching(/^c-/)
    })
  })

  it('shows the number of the failure to the person', async () => {
    await prepare()
    const messageId = await sendCard(cardWith('x'))
    const code = async () => (await press(messageId)).errorCode
    answer('', 500)
    expect(await code()).toBe(200671)
    answer('[1]')
    expect(await code()).toBe(200672)
    answer({ card: { type: 'raw', data: { schema: '2.0', body: { elements: [{ tag: 'note' }] } } } })
    expect(await code()).toBe(200673)
    answer({ card: { type: 'raw', data: { elements: [] } } })
    expect(await code()).toBe(200673)
    receiver.answer = () => undefined
    const slow = press(messageId)
    await receiver.waitFor(5)
    await sim.changeClock({ advanceMs: 3000 })
    expect(await slow).toEqual({ errorCode: 200341, cardUpdated: false })
    await sim.updateApp(app.appId, { cardCallbackUrl: 'http://127.0.0.1:1/' })
    expect(await code()).toBe(200342)
    await sim.updateApp(app.appId, { cardCallbackUrl: '' })
    expect(await code()).toBe(200340)
    expect(await markdown()).toEqual(['x'])
    expect(receiver.received).toHaveLength(5)
  })

  it('hands over what was put into a form', async () => {
    await prepare()
    answer({})
    const form = (button: object) => ({
      schema: '2.0',
      body: {
        elements: [
          {
            tag: 'form',
            name: 'f',
            elements: [
              { tag: 'input', name: 'reason' },
              { tag: 'button', text: { tag: 'plain_text', content: 'Send' }, form_action_type: 'submit', ...button }
            ]
          }
        ]
      }
    })
    expect(await press(await sendCard(form({})), 'Send')).toEqual({ errorCode: 200530, cardUpdated: false })
    expect(await press(await sendCard(form({ name: 'go' })), 'Send', { reason: 'because' })).toEqual({
      cardUpdated: false
    })
    expect(JSON.parse(receiver.received[0].body)).toMatchObject({
      event: { action: { name: 'go', form_value: { reason: 'because' } } }
    })
  })

  it('updates a card later with the callback token, twice and for half an hour', async () => {
    await prepare()
    const messageId = await sendCard(cardWith('start'))
    const update = (token: string, label: string) =>
      codeOf(
        client.request({
          method: 'POST',
          url: '/open-apis/interactive/v1/card/update',
          data: { token, card: cardWith(label) }
        })
      )
    const tokenAt = (index: number) =>
      (JSON.parse(receiver.received[index].body) as { event: { token: string } }).event.token
    let early: Promise<number | undefined> = Promise.resolve(undefined)
    receiver.answer = (_push, response) => {
      early = update(tokenAt(0), 'too early')
      void early.then(() => response.end('{}'))
    }
    await press(messageId)
    expect(await early).toBe(200320)
    expect([
      await update(tokenAt(0), 'one'),
      await update(tokenAt(0), 'two'),
      await update(tokenAt(0), 'three')
    ]).toEqual([0, 0, 200320])
    expect(await markdown()).toEqual(['two'])
    answer({})
    await press(messageId)
    await sim.changeClock({ advanceMs: 30 * 60_000 })
    expect(await update(tokenAt(1), 'late')).toBe(200320)
  })

  it('does not change an entity while its callback is open or while it streams', async () => {
    await prepare()
    const card = { ...cardWith('streams'), config: { streaming_mode: true } }
    const cardId =
      (await client.cardkit.v1.card.create({ data: { type: 'card_json', data: JSON.stringify(card) } })).data
        ?.card_id ?? ''
    const messageId = await sendCard({ type: 'card', data: { card_id: cardId } })
    const write = (sequence: number) =>
      codeOf(
        client.cardkit.v1.cardElement.content({
          path: { card_id: cardId, element_id: 'md' },
          data: { content: `text ${sequence}`, sequence }
        })
      )
    let during: number | undefined
    receiver.answer = (_push, response) =>
      void write(1).then((code) => {
        during = code
        response.end(JSON.stringify({ card: { type: 'raw', data: cardWith('replaced') } }))
      })
    expect(await press(messageId)).toEqual({ cardUpdated: false })
    expect(during).toBe(200810)
    expect(await write(1)).toBe(0)
    expect(await markdown()).toEqual(['text 1'])
  })

  describe('on the long connection', () => {
    let socket: WSClient
    beforeEach(() => prepare({ transport: 'long_connection' }))
    afterEach(() => socket.close({ force: true }))

    it('takes toast and card from the acknowledgement', async () => {
      const dispatcher = dispatcherFor({
        'card.action.trigger': () => ({
          toast: { type: 'info', content: 'seen' },
          card: { type: 'raw', data: cardWith('after') }
        })
      })
      socket = await connect(sim, app, dispatcher)
      expect(await press(await sendCard(cardWith('before')))).toEqual({
        toast: { type: 'info', content: 'seen' },
        cardUpdated: true
      })
      expect(await markdown()).toEqual(['after'])
    })

    it('shows 200340 where the client drops card frames, and is never repeated', async () => {
      socket = await connect(sim, app, dispatcherFor({ 'card.action.trigger': () => ({}) }))
      await sim.updateApp(app.appId, { cardFrameType: 'card' })
      const messageId = await sendCard(cardWith('x'))
      const pressed = press(messageId)
      await sim.changeClock({ advanceMs: 3000 })
      // The press may have reached the simulator after the first jump.
      await sim.changeClock({ advanceMs: 3000 })
      expect(await pressed).toEqual({ errorCode: 200340, cardUpdated: false })
      await sim.settled()
      expect(await sim.deliveries({ messageId })).toHaveLength(1)
    })
  })
})
