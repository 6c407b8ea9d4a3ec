import type { Client } from '@larksuiteoapi/node-sdk'
import { LarkSimulator, SimApp, SimChat, SimUser } from '../../../playground/lark-simulator/client'
import { cardMessage, clientOf, codeOf } from './bot'

const streamingCard = (content = '') => ({
  schema: '2.0',
  config: { streaming_mode: true, summary: { content: '...' } },
  header: { title: { tag: 'plain_text', content: 'Answer' } },
  body: { elements: [{ tag: 'markdown', element_id: 'md', content }] }
})

describe('card entities', () => {
  let sim: LarkSimulator
  let app: SimApp
  let client: Client
  let user: SimUser
  let chat: SimChat
  let sequence: number

  beforeAll(async () => {
    sim = await LarkSimulator.spawn()
    user = await sim.createUser({ name: 'Ann' })
  })
  beforeEach(async () => {
    app = await sim.createApp({ transport: 'webhook', name: 'Bot', scopes: ['im:message', 'cardkit:card:write'] })
    chat = await sim.createDirectChat({ userId: user.userId, appId: app.appId })
    client = clientOf(sim, app)
    sequence = 0
  })
  afterAll(() => sim.stop())

  const create = async (card: object = streamingCard()) =>
    (await client.cardkit.v1.card.create({ data: { type: 'card_json', data: JSON.stringify(card) } })).data?.card_id ??
    ''
  const createCode = (card: object) =>
    codeOf(client.cardkit.v1.card.create({ data: { type: 'card_json', data: JSON.stringify(card) } }))
  const sendCard = (card_id: string) =>
    client.im.v1.message.create({
      params: { receive_id_type: 'chat_id' },
      data: { receive_id: chat.chatId, ...cardMessage({ type: 'card', data: { card_id } }) }
    })
  const write = (card_id: string, content: string, extra: object = {}) =>
    codeOf(
      client.cardkit.v1.cardElement.content({
        path: { card_id, element_id: 'md' },
        data: { content, sequence: ++sequence, ...extra }
      })
    )
  const configure = (card_id: string, config: object) =>
    codeOf(
      client.cardkit.v1.card.settings({
        path: { card_id },
        data: { settings: JSON.stringify({ config }), sequence: ++sequence }
      })
    )
  const shown = async () => (await sim.read(chat.chatId)).at(-1)

  it('streams text into a sent card until streaming is switched off', async () => {
    const cardId = await create()
    expect(await codeOf(sendCard(cardId))).toBe(0)
    expect(await write(cardId, 'Hel')).toBe(0)
    expect(await shown()).toMatchObject({
      text: 'Answer\nHel',
      card: { title: 'Answer', markdown: ['Hel'], streaming: true, summary: '...' }
    })
    const final = sim.waitForMessage(chat.chatId, { fromBot: true, final: true, textIncludes: 'Hello' })
    expect(await write(cardId, 'Hello')).toBe(0)
    expect(await configure(cardId, { streaming_mode: false, summary: { content: 'Hello' } })).toBe(0)
    expect(await final).toMatchObject({ text: 'Answer\nHello', card: { streaming: false, summary: 'Hello' } })
    expect(await write(cardId, 'Hello again')).toBe(300309)
  })

  it('may be sent once and by its own app only', async () => {
    const cardId = await create()
    await sendCard(cardId)
    expect(await codeOf(sendCard(cardId))).toBe(230099)
    const other = await sim.createApp({ transport: 'webhook', scopes: ['im:message', 'cardkit:card:write'] })
    const foreign = clientOf(sim, other).cardkit.v1.cardElement.content({
      path: { card_id: cardId, element_id: 'md' },
      data: { content: 'x', sequence: 5 }
    })
    expect(await codeOf(foreign)).toBe(300311)
  })

  it('wants a rising sequence and a new uuid for each operation', async () => {
    const cardId = await create()
    expect(await write(cardId, 'a', { sequence: 5, uuid: 'u1' })).toBe(0)
    expect(await write(cardId, 'b', { sequence: 5 })).toBe(300317)
    expect(await write(cardId, 'b', { sequence: 4 })).toBe(300317)
    expect(await write(cardId, 'b', { sequence: 6, uuid: 'u1' })).toBe(200770)
    expect(await write(cardId, 'b', { sequence: 6 })).toBe(0)
    expect(await write('7000', 'b')).toBe(200740)
  })

  it('closes streaming by itself after ten minutes and tells it once', async () => {
    const cardId = await create()
    await sendCard(cardId)
    await write(cardId, 'half an ans')
    const closed = sim.waitForMessage(chat.chatId, { final: true, textIncludes: 'half' })
    await sim.changeClock({ advanceMs: 600_001 })
    await closed
    expect(await write(cardId, 'half an answer')).toBe(200850)
    expect(await write(cardId, 'half an answer')).toBe(300309)
    expect(await configure(cardId, { streaming_mode: true })).toBe(0)
    expect(await write(cardId, 'half an answer')).toBe(0)
    await sim.changeClock({ advanceMs: 14 * 24 * 3_600_000 })
    // The SDK's token cache lives on this process's own clock.
    client = clientOf(sim, app)
    expect(await write(cardId, 'x')).toBe(200750)
  })

  it('takes ten operations a second', async () => {
    const cardId = await create()
    // In one instant of Lark's, however long it takes.
    await sim.changeClock({ rate: 0 })
    const codes = await Promise.all(Array.from({ length: 12 }, (_, index) => write(cardId, `text ${index}`)))
    await sim.changeClock({ rate: 1 })
    expect(codes.filter((code) => code === 99991400)).toHaveLength(2)
  })

  it('adds, replaces, patches and deletes elements, also in one batch', async () => {
    const cardId = await create()
    await sendCard(cardId)
    const path = { card_id: cardId, element_id: 'md' }
    const button = {
      tag: 'button',
      element_id: 'stop',
      text: { tag: 'plain_text', content: 'Stop' },
      behaviors: [{ type: 'callback', value: { stop: 1 } }]
    }
    await client.cardkit.v1.cardElement.create({
      path: { card_id: cardId },
      data: { type: 'insert_after', target_element_id: 'md', elements: JSON.stringify([button]), sequence: ++sequence }
    })
    expect((await shown())?.card?.buttons).toEqual([{ text: 'Stop', elementId: 'stop', value: { stop: 1 } }])
    await client.cardkit.v1.cardElement.patch({
      path: { card_id: cardId, element_id: 'stop' },
      data: { partial_element: JSON.stringify({ disabled: true }), sequence: ++sequence }
    })
    expect((await shown())?.card?.buttons[0].disabled).toBe(true)
    await client.cardkit.v1.cardElement.update({
      path,
      data: { element: JSON.stringify({ tag: 'markdown', element_id: 'md', content: 'new' }), sequence: ++sequence }
    })
    const actions = [
      { action: 'partial_update_setting', params: { settings: { config: { streaming_mode: false } } } },
      {
        action: 'add_elements',
        params: {
          type: 'append',
          elements: [{ tag: 'hr' }, { tag: 'markdown', element_id: 'end', content: 'the end' }]
        }
      },
      { action: 'delete_elements', params: { element_ids: ['stop'] } },
      { action: 'partial_update_element', params: { element_id: 'md', partial_element: { content: 'newer' } } }
    ]
    await client.cardkit.v1.card.batchUpdate({
      path: { card_id: cardId },
      data: { actions: JSON.stringify(actions), sequence: ++sequence }
    })
    expect(await shown()).toMatchObject({ text: 'Answer\nnewer\nthe end', card: { buttons: [], streaming: false } })
    const gone = client.cardkit.v1.cardElement.delete({
      path: { card_id: cardId, element_id: 'stop' },
      data: { sequence: ++sequence }
    })
    expect(await codeOf(gone)).toBe(300314)
    const tag = client.cardkit.v1.cardElement.patch({
      path,
      data: { partial_element: '{"tag":"hr"}', sequence: ++sequence }
    })
    expect(await codeOf(tag)).toBe(300312)
    const noText = client.cardkit.v1.card.update({
      path: { card_id: cardId },
      data: {
        card: {
          type: 'card_json',
          data: JSON.stringify({ ...streamingCard(), body: { elements: [{ tag: 'hr', element_id: 'md' }] } })
        },
        sequence: ++sequence
      }
    })
    expect(await codeOf(noText)).toBe(0)
    expect(await write(cardId, 'x')).toBe(300310)
  })

  it('refuses cards that are not 2.0, too large, ambiguous or empty, and changes nothing then', async () => {
    expect(await createCode({ elements: [{ tag: 'hr' }] })).toBe(300303)
    expect(await createCode({})).toBe(300307)
    expect(await createCode({ ...streamingCard(), config: { update_multi: false } })).toBe(300302)
    expect(
      await createCode({
        schema: '2.0',
        body: {
          elements: [
            { tag: 'hr', element_id: 'a' },
            { tag: 'hr', element_id: 'a' }
          ]
        }
      })
    ).toBe(300301)
    expect(
      await createCode({ schema: '2.0', body: { elements: Array.from({ length: 201 }, () => ({ tag: 'hr' })) } })
    ).toBe(300305)
    expect(await createCode({ schema: '2.0', body: { elements: [{ tag: 'note' }] } })).toBe(200220)
    const cardId = await create(streamingCard('kept'))
    await sendCard(cardId)
    expect(await write(cardId, 'x'.repeat(31 * 1024))).toBe(200860)
    expect((await shown())?.card?.markdown).toEqual(['kept'])
  })

  it('needs its scope', async () => {
    await sim.updateApp(app.appId, { scopes: ['im:message'] })
    expect(await createCode(streamingCard())).toBe(99991672)
  })
})
