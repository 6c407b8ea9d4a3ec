import type { Client } from '@larksuiteoapi/node-sdk'
import { LarkSimulator, SimApp, SimChat, SimUser } from '../../../playground/lark-simulator/client'
import { clientOf, codeOf, text } from './bot'

const ALL_SCOPES = ['im:message', 'im:message.group_msg', 'im:chat', 'im:resource', 'im:message.reactions:write_only']

describe('messages through the official Client', () => {
  let sim: LarkSimulator
  let app: SimApp
  let client: Client
  let user: SimUser
  let group: SimChat

  beforeAll(async () => {
    sim = await LarkSimulator.spawn()
    user = await sim.createUser({ name: 'Ann' })
  })
  beforeEach(async () => {
    app = await sim.createApp({ transport: 'webhook', name: 'Bot', scopes: ALL_SCOPES, subscribedEvents: [] })
    group = await sim.createGroup({ name: 'Team', userIds: [user.userId], appIds: [app.appId] })
    client = clientOf(sim, app)
  })
  afterEach(() => sim.clearFaults())
  afterAll(() => sim.stop())

  const create = (content: string, extra: object = {}) =>
    client.im.v1.message.create({
      params: { receive_id_type: 'chat_id' },
      data: { receive_id: group.chatId, ...text(content), ...extra }
    })
  const advance = (advanceMs: number) => sim.changeClock({ advanceMs })
  /** In one instant of Lark's, however long it takes. */
  const atOnce = async <T>(calls: () => Promise<T>[]): Promise<T[]> => {
    await sim.changeClock({ advanceMs: 1000, rate: 0 })
    try {
      return await Promise.all(calls())
    } finally {
      await sim.changeClock({ rate: 1 })
    }
  }

  it('sends, replies, edits and recalls; people see each step', async () => {
    const first = (await create('hello <at user_id="all"></at> <b>there</b>')).data
    await client.im.v1.message.reply({ path: { message_id: first?.message_id ?? '' }, data: text('answer') })
    await client.im.v1.message.update({ path: { message_id: first?.message_id ?? '' }, data: text('changed') })
    const [seen, reply] = await sim.read(group.chatId)
    expect(seen).toMatchObject({
      messageId: first?.message_id,
      from: 'Bot',
      fromBot: true,
      text: 'changed',
      editCount: 1
    })
    expect(reply).toMatchObject({ text: 'answer', replyTo: first?.message_id, rootId: first?.message_id })
    await client.im.v1.message.delete({ path: { message_id: reply.messageId } })
    expect((await sim.read(group.chatId))[1]).toMatchObject({ recalled: true, text: '' })
    expect(
      await codeOf(client.im.v1.message.reply({ path: { message_id: reply.messageId }, data: text('too late') }))
    ).toBe(230011)
  })

  it('reaches a person by open_id, union_id and user_id, and knows foreign open_ids', async () => {
    const other = await sim.createApp({ transport: 'webhook' })
    const known = (await sim.users()).find(({ userId }) => userId === user.userId) as SimUser
    const sendTo = (receive_id_type: 'open_id' | 'union_id' | 'user_id', receive_id: string) =>
      client.im.v1.message.create({ params: { receive_id_type }, data: { receive_id, ...text('hi') } })
    const chats = [
      await sendTo('open_id', known.openIds[app.appId]),
      await sendTo('union_id', user.unionId),
      await sendTo('user_id', user.userId)
    ]
    expect(new Set(chats.map(({ data }) => data?.chat_id)).size).toBe(1)
    expect(await codeOf(sendTo('open_id', known.openIds[other.appId]))).toBe(99992361)
    expect(await codeOf(sendTo('open_id', 'ou_unknown'))).toBe(99992351)
    await sim.updateApp(app.appId, { unavailableUserIds: [user.userId] })
    expect(await codeOf(sendTo('open_id', known.openIds[app.appId]))).toBe(230013)
  })

  it('answers the same uuid with the same message for one hour', async () => {
    const first = await create('once', { uuid: 'u1' })
    expect((await create('once', { uuid: 'u1' })).data?.message_id).toBe(first.data?.message_id)
    expect(await sim.read(group.chatId)).toHaveLength(1)
    await advance(3_600_000)
    expect((await create('once', { uuid: 'u1' })).data?.message_id).not.toBe(first.data?.message_id)
    expect(await codeOf(create('x', { uuid: 'x'.repeat(51) }))).toBe(99992402)
  })

  it('takes five messages a second per chat and twenty edits per message', async () => {
    const codes = await atOnce(() => Array.from({ length: 7 }, (_, index) => codeOf(create(String(index)))))
    expect(codes.filter((code) => code === 230020)).toHaveLength(2)
    const [{ messageId }] = await sim.read(group.chatId)
    const edit = () => codeOf(client.im.v1.message.update({ path: { message_id: messageId }, data: text('edit') }))
    for (let count = 0; count < 20; count += 1) {
      await advance(1000)
      expect(await edit()).toBe(0)
    }
    expect(await edit()).toBe(230072)
    expect((await sim.violations()).some((line) => line.includes('230020'))).toBe(true)
  })

  it('takes fifty calls a second per API and says when to come back', async () => {
    const headers = { authorization: `Bearer ${await token()}` }
    const answers = await atOnce(() =>
      Array.from({ length: 52 }, () => fetch(`${sim.url}/open-apis/bot/v3/info`, { headers }))
    )
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(2)
    expect(refused[0].headers.get('x-ogw-ratelimit-reset')).toBe('1')
    expect(await refused[0].json()).toMatchObject({ code: 99991400, error: { log_id: expect.any(String) } })
  })

  it('refuses what is too long, malformed or not allowed', async () => {
    expect(await codeOf(create('x'.repeat(151 * 1024)))).toBe(230025)
    const raw = (data: object) =>
      codeOf(
        client.im.v1.message.create({
          params: { receive_id_type: 'chat_id' },
          data: { receive_id: group.chatId, ...data } as never
        })
      )
    expect(
      await raw({ msg_type: 'post', content: JSON.stringify({ zh_cn: { title: 'x'.repeat(31 * 1024), content: [] } }) })
    ).toBe(230025)
    expect(await raw({ msg_type: 'text', content: 'no json' })).toBe(99992402)
    expect(await raw({ msg_type: 'post', content: JSON.stringify({ title: 'no locale', content: [[]] }) })).toBe(230001)
    expect(await raw({ msg_type: 'image', content: '{"image_key":"img_x"}' })).toBe(230001)
    await sim.changeMembers(group.chatId, { removeAppIds: [app.appId] })
    expect(await codeOf(create('outside'))).toBe(230002)
    await sim.updateApp(app.appId, { scopes: [] })
    expect(await codeOf(create('no scope'))).toBe(99991672)
    await sim.updateApp(app.appId, { scopes: ALL_SCOPES })
    await sim.dissolveChat(group.chatId)
    expect(await codeOf(create('gone'))).toBe(232009)
  })

  it('checks the token as the gateway does', async () => {
    const call = async (authorization?: string) =>
      (
        (await (
          await fetch(`${sim.url}/open-apis/bot/v3/info`, { headers: authorization ? { authorization } : {} })
        ).json()) as { code: number }
      ).code
    expect(await call()).toBe(99991661)
    expect(await call('Bearer x')).toBe(99991671)
    expect(await call('Bearer t-unknown')).toBe(99991663)
    const first = await token()
    expect(await token()).toBe(first)
    await advance(7_200_000 - 1_800_000 + 1000)
    const second = await token()
    expect(second).not.toBe(first)
    expect(await call(`Bearer ${first}`)).toBe(0)
    await advance(1_800_000)
    expect(await call(`Bearer ${first}`)).toBe(99991663)
    await sim.revokeTokens(app.appId)
    expect(await call(`Bearer ${second}`)).toBe(99991663)
    expect((await fetch(`${sim.url}/open-apis/nothing/here`)).status).toBe(404)
  })

  it('adds, lists and removes reactions', async () => {
    const { messageId } = await sim.say({ userId: user.userId, chatId: group.chatId, text: 'please' })
    const added = await client.im.v1.messageReaction.create({
      path: { message_id: messageId },
      data: { reaction_type: { emoji_type: 'Typing' } }
    })
    expect((await sim.read(group.chatId))[0].reactions).toEqual([{ emoji: 'Typing', by: 'Bot' }])
    expect((await client.im.v1.messageReaction.list({ path: { message_id: messageId } })).data?.items).toHaveLength(1)
    expect(
      await codeOf(
        client.im.v1.messageReaction.create({
          path: { message_id: messageId },
          data: { reaction_type: { emoji_type: 'typing' } }
        })
      )
    ).toBe(231001)
    await client.im.v1.messageReaction.delete({
      path: { message_id: messageId, reaction_id: added.data?.reaction_id ?? '' }
    })
    expect((await sim.read(group.chatId))[0].reactions).toEqual([])
  })

  it('opens a thread with a reply and lists it apart from the chat', async () => {
    const { messageId } = await sim.say({ userId: user.userId, chatId: group.chatId, text: 'topic' })
    const reply = (
      await client.im.v1.message.reply({
        path: { message_id: messageId },
        data: { ...text('in thread'), reply_in_thread: true }
      })
    ).data
    expect(reply).toMatchObject({ root_id: messageId, parent_id: messageId, thread_id: expect.stringMatching(/^omt_/) })
    const said = await sim.say({
      userId: user.userId,
      chatId: group.chatId,
      text: 'me too',
      threadId: reply?.thread_id
    })
    expect((await sim.read(group.chatId)).at(-1)).toMatchObject({
      messageId: said.messageId,
      threadId: reply?.thread_id,
      rootId: messageId
    })
    const list = (container_id_type: string, container_id: string) =>
      client.im.v1.message.list({ params: { container_id_type, container_id } })
    expect((await list('thread', reply?.thread_id ?? '')).data?.items).toHaveLength(3)
    expect((await list('chat', group.chatId)).data?.items).toHaveLength(1)
  })

  it('shows messages over REST with string ids and bundles with their children', async () => {
    const { messageId } = await sim.say({ userId: user.userId, chatId: group.chatId, text: '@Bot look' })
    const item = (await client.im.v1.message.get({ path: { message_id: messageId } })).data?.items?.[0]
    expect(item).toMatchObject({
      sender: { id_type: 'open_id', sender_type: 'user' },
      mentions: [{ key: '@_user_1', id: app.botOpenId, name: 'Bot' }],
      body: { content: '{"text":"@_user_1 look"}' }
    })
    const bundle = await sim.forward({ userId: user.userId, chatId: group.chatId, messageIds: [messageId] })
    const items = (await client.im.v1.message.get({ path: { message_id: bundle.messageId } })).data?.items
    expect(items).toMatchObject([
      { msg_type: 'merge_forward' },
      { msg_type: 'text', upper_message_id: bundle.messageId }
    ])
  })

  it('pages through chats and members', async () => {
    await sim.createGroup({ name: 'Second', mode: 'topic', userIds: [user.userId], appIds: [app.appId] })
    const first = (await client.im.v1.chat.list({ params: { page_size: 1 } })).data
    expect(first).toMatchObject({ has_more: true, items: [{ chat_id: group.chatId, name: 'Team' }] })
    const second = (await client.im.v1.chat.list({ params: { page_size: 1, page_token: first?.page_token } })).data
    expect(second).toMatchObject({ has_more: false, items: [{ name: 'Second' }] })
    expect((await client.im.v1.chat.get({ path: { chat_id: second?.items?.[0].chat_id ?? '' } })).data).toMatchObject({
      chat_mode: 'topic',
      user_count: '1',
      bot_count: '1'
    })
    expect((await client.im.v1.chatMembers.get({ path: { chat_id: group.chatId } })).data).toMatchObject({
      member_total: 1,
      items: [{ name: 'Ann' }]
    })
  })

  async function token(): Promise<string> {
    const body = JSON.stringify({ app_id: app.appId, app_secret: app.appSecret })
    const answer = await fetch(`${sim.url}/open-apis/auth/v3/tenant_access_token/internal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body
    })
    return ((await answer.json()) as { tenant_access_token: string }).tenant_access_token
  }
})
