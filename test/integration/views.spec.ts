import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

interface Page {
  items: Record<string, string | null>[]
  total: number
}

/** Gone for the others after three and a half heartbeats; the test does not wait for them. */
const FORGET_DEAD = `UPDATE plugin_lark_instance SET heartbeat_at = now() - interval '1 minute' WHERE id::text = $1`

describe('the tabs of an integration', () => {
  let world: World
  let webhook: Bot
  let socket: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first', env: { API_BASE_URL: 'https://xpert.example' } })
    webhook = await world.hire('webhook', { kind: 'stream', text: 'You said: {input}', deltas: 2, everyMs: 5 })
    socket = await world.hire('long_connection', { kind: 'fail', message: 'the model is gone' })
  })

  afterAll(() => world.end())

  const read = async <T = Page>(bot: Bot, key: string, query: Record<string, string> = {}): Promise<T> => {
    const { status, body } = await world.admin.viewData<T>(bot.integrationId, `lark_integration__${key}`, query)
    expect({ status, body }).toMatchObject({ status: 200 })
    return body
  }
  const act = async (bot: Bot, key: string, action: string, targetId?: string) =>
    (
      await world.admin.viewAction<{ success: boolean; message: { en_US: string } }>(
        bot.integrationId,
        `lark_integration__${key}`,
        action,
        targetId === undefined ? {} : { targetId }
      )
    ).body
  const messages = (bot: Bot, search?: string) => read(bot, 'messages', search === undefined ? {} : { search })
  const say = async (bot: Bot, text: string, name = 'Mei') => {
    const { userId } = await world.person(name)
    return world.lark.say({ userId, appId: bot.app.appId, text })
  }
  const ended = (messageId: string) =>
    eventually('the message has ended', async () => {
      const row = await world.row(messageId)
      return row && !['received', 'claimed', 'attached'].includes(row.state) ? row : null
    })
  /** People and groups are recorded behind the answer. */
  const recordedAs = (name: string, table: string, column: string, id: string) =>
    eventually(`${name} is recorded`, async () => {
      const named = await world.database.query(
        `UPDATE ${table} SET name = $1 WHERE integration_id = $2 AND ${column} = $3 RETURNING 1`,
        [name, webhook.integrationId, id]
      )
      return named.length === 1
    })
  const summary = async (bot: Bot) => (await read<{ summary: Record<string, string | null> }>(bot, 'status')).summary
  const buttons = async (bot: Bot) => {
    const [status] = await world.admin.views(bot.integrationId)
    return {
      names: status!.actions?.map(({ key }) => key),
      badge: (status as { badge?: { value: string } }).badge?.value
    }
  }

  it('say of every message what became of it and why, and how long it took', async () => {
    const { messageId } = await say(webhook, 'hello')
    await ended(messageId)
    const { items, total } = await messages(webhook, messageId)
    expect(total).toBe(1)
    expect(items[0]).toMatchObject({ outcome: 'Answered: by the Digital Expert' })
    expect(items[0]!['took']).toMatch(/^\d+\.\d s \/ \d+\.\d s$/)
    expect(items[0]!['run']).toMatch(/^[0-9a-f-]{36}$/)
    expect(JSON.stringify(items)).not.toContain('hello')

    const chinese = await world.admin.request<Page>(
      'GET',
      `/api/view-hosts/integration/${webhook.integrationId}/views/lark_integration__messages/data?search=${messageId}`,
      undefined,
      { language: 'zh-Hans' }
    )
    expect(chinese.body.items[0]).toMatchObject({ outcome: '已回答：数字专家已回答' })
  })

  it('show a refused, a failed and a waiting message with their reasons, and filter by them', async () => {
    const { userId } = await world.person('Lei')
    const group = await world.lark.createGroup({ name: 'Sales', userIds: [userId], appIds: [webhook.app.appId] })
    await world.lark.updateApp(webhook.app.appId, { scopes: [...webhook.app.scopes, 'im:message.group_msg'] })
    const quiet = await world.lark.say({ userId, chatId: group.chatId, text: 'lunch?' })
    await ended(quiet.messageId)
    expect((await messages(webhook, 'refused 1h')).items).toEqual([
      expect.objectContaining({ chat: group.chatId, outcome: 'Refused: the bot was not mentioned', run: null })
    ])

    const failing = await say(socket, 'help')
    await ended(failing.messageId)
    expect((await messages(socket, 'failed')).items[0]).toMatchObject({
      outcome: 'Failed: the run of the Digital Expert failed. Its run in Xpert says why; then Answer again.'
    })
    expect((await messages(socket, 'answered')).total).toBe(0)
  })

  it('say of a message that has not ended what it waits for', async () => {
    const trigger = { summaryWindowSeconds: 30 }
    const asking = {
      kind: 'interrupt',
      tool: 'send_mail',
      args: { to: 'mei@example.com' },
      approvedText: 'a',
      rejectedText: 'b'
    } as const
    const silent = await world.hire('webhook', { kind: 'never' })
    const approving = await world.hire('webhook', asking)
    const collecting = await world.hire('webhook', { kind: 'never' }, { trigger })
    const unpublished = await world.hire('webhook', { kind: 'never' })
    await world.admin.unpublish(unpublished.expertId)
    const first = await say(silent, 'one')
    await eventually('it runs', async () => (await world.row(first.messageId))?.state === 'attached')
    const person = (await world.lark.chats()).find(({ chatId }) => chatId === first.chatId)!.userIds[0]!
    const second = await world.lark.say({ userId: person, appId: silent.app.appId, text: 'two' })
    const says = async (bot: Bot, { messageId }: { messageId: string }, outcome: string) =>
      eventually(outcome, async () => (await messages(bot, messageId)).items[0]?.['outcome'] === outcome)
    await says(silent, first, 'Being answered')
    await says(silent, second, 'Waiting: another message of its conversation is being answered')
    await says(approving, await say(approving, 'a mail'), 'Waiting: a person is asked for a decision')
    await says(collecting, await say(collecting, 'in pieces'), 'Waiting: for more messages of this person')
    await says(unpublished, await say(unpublished, 'hello'), 'Waiting: it will be tried again')
  })

  it('answer a failed message again, as a row of its own, once', async () => {
    const { userId } = await world.person('Ann')
    const { messageId, chatId } = await world.lark.say({ userId, appId: socket.app.appId, text: 'again please' })
    const old = await ended(messageId)
    await world.admin.updateExpertScript(socket.expertId, {
      kind: 'stream',
      text: 'Now: {input}',
      deltas: 1,
      everyMs: 5
    })
    expect(await act(socket, 'messages', 'answer_again', old.id)).toMatchObject({ success: true })
    expect(await act(socket, 'messages', 'answer_again', old.id)).toMatchObject({
      success: false,
      message: { en_US: 'The message is being answered again already.' }
    })
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'Now: again please', final: true })
    const rows = await eventually('the new row has ended', async () => {
      const all = await world.rows(messageId)
      return all.length === 2 && all.some(({ state }) => state === 'answered') ? all : null
    })
    expect(rows.map(({ state }) => state).sort()).toEqual(['answered', 'failed'])
    const answered = rows.find(({ state }) => state === 'answered')!
    expect((await act(socket, 'messages', 'answer_again', answered.id)).message.en_US).toBe(
      'Only a failed message can be answered again.'
    )
    expect((await act(webhook, 'messages', 'answer_again', old.id)).message.en_US).toMatch(/not there any more/)
  })

  it('answer no longer again what its person takes back meanwhile, and keep nothing of it', async () => {
    const bot = await world.hire(
      'webhook',
      { kind: 'fail', message: 'the model is gone' },
      { scopes: ['im:message:readonly'] }
    )
    const { userId } = await world.person('Eva')
    const { messageId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'a secret' })
    const old = await ended(messageId)
    await world.admin.updateExpertScript(bot.expertId, { kind: 'never' })
    expect(await act(bot, 'messages', 'answer_again', old.id)).toMatchObject({ success: true })
    await eventually('it is asked again', async () =>
      (await world.rows(messageId)).some(({ state }) => state === 'attached')
    )
    await world.lark.recall({ userId, messageId })
    await eventually('the new row is dropped', async () =>
      (await world.rows(messageId)).some(({ state, reason }) => state === 'dropped' && reason === 'recalled')
    )
    expect((await world.rows(messageId)).map(({ payload }) => payload)).toEqual([null, null])
    const kept = await world.database.query(
      `SELECT 1 FROM plugin_lark_turn, jsonb_array_elements(messages) message
       WHERE message ->> 'messageId' = $1 AND message ? 'text'`,
      [messageId]
    )
    expect(kept).toEqual([])
  })

  it('list who was recorded, by name where one is known', async () => {
    const { userId } = await world.person('Mia')
    const other = await world.person('Noa')
    const group = await world.lark.createGroup({
      name: 'Two',
      userIds: [userId, other.userId],
      appIds: [webhook.app.appId]
    })
    await world.lark.say({ userId, chatId: group.chatId, text: '@Ada ask @Noa' })
    const found = await eventually('the mentioned person is recorded', async () => {
      const page = await read(webhook, 'users', { search: 'Noa' })
      return page.total === 1 ? page : null
    })
    expect(found.items[0]).toMatchObject({
      name: 'Noa',
      openId: other.openIds[webhook.app.appId],
      source: 'Was mentioned',
      platformUser: null
    })
    const all = await eventually('whoever wrote is, too', async () => {
      const page = await read(webhook, 'users', { sortBy: 'name', sortDirection: 'asc', pageSize: '1' })
      return page.total > 2 ? page : null
    })
    expect(all.items.map(({ name }) => name)).toEqual(['Noa'])
  })

  it('find messages by the name of their sender, and of their group', async () => {
    const { userId, openIds } = await world.person('Ottilie Brandt')
    const group = await world.lark.createGroup({ name: 'Harbour', userIds: [userId], appIds: [webhook.app.appId] })
    const inGroup = await world.lark.say({ userId, chatId: group.chatId, text: '@Ada hello' })
    await ended(inGroup.messageId)
    await recordedAs('Ottilie Brandt', 'plugin_lark_user', 'open_id', openIds[webhook.app.appId]!)
    await recordedAs('Harbour', 'plugin_lark_chat', 'chat_id', group.chatId)
    for (const search of ['ottilie', 'Ottilie Brandt', 'harbour', 'Brandt Harbour answered 1h'])
      expect((await messages(webhook, search)).items).toMatchObject([
        { sender: 'Ottilie Brandt', chat: `Harbour · ${group.chatId}` }
      ])
    expect((await messages(webhook, 'Ottilie refused')).total).toBe(0)
    expect((await messages(socket, 'Ottilie')).total).toBe(0)
  })

  it('list sessions with the names that belong to their ids, and start a new conversation', async () => {
    const { messageId, chatId } = await say(webhook, 'first')
    await ended(messageId)
    const [session] = (await read(webhook, 'sessions', { search: chatId })).items
    expect(session).toMatchObject({
      chatType: 'Direct chat',
      chat: chatId,
      expert: `Ada · ${webhook.expertId}`,
      conversation: expect.stringMatching(/^[0-9a-f-]{36}$/)
    })
    expect(await act(webhook, 'sessions', 'new_conversation', session!['id']!)).toMatchObject({ success: true })
    expect(await act(webhook, 'sessions', 'new_conversation', session!['id']!)).toMatchObject({ success: false })
    expect(await act(socket, 'sessions', 'new_conversation', session!['id']!)).toMatchObject({
      message: { en_US: expect.stringMatching(/not there any more/) }
    })
    expect((await read(webhook, 'sessions', { search: `${chatId} closed` })).total).toBe(1)
    expect((await read(webhook, 'sessions', { search: `${chatId} open` })).total).toBe(0)
    const person = (await world.lark.chats()).find((chat) => chat.chatId === chatId)!.userIds[0]!
    const next = await world.lark.say({ userId: person, appId: webhook.app.appId, text: 'second' })
    await ended(next.messageId)
    const [open] = (await read(webhook, 'sessions', { search: `${chatId} open` })).items
    expect(open!['conversation']).not.toBe(session!['conversation'])
  })

  it('stop what is being answered in a session, and only there', async () => {
    await world.admin.updateExpertScript(webhook.expertId, { kind: 'never' })
    const { messageId, chatId } = await say(webhook, 'take your time')
    const [session] = await eventually('its session is there', async () => {
      const { items } = await read(webhook, 'sessions', { search: chatId })
      return items.length > 0 ? items : null
    })
    await eventually('it runs', async () => (await world.row(messageId))?.state === 'attached')
    expect(await act(socket, 'sessions', 'stop', session!['id']!)).toMatchObject({ success: false })
    expect(await act(webhook, 'sessions', 'stop', session!['id']!)).toMatchObject({ success: true })
    await ended(messageId)
    expect((await messages(webhook, messageId)).items[0]).toMatchObject({
      outcome: 'Dropped: somebody stopped the answer'
    })
    expect(await act(webhook, 'sessions', 'stop', session!['id']!)).toMatchObject({
      success: false,
      message: { en_US: 'Nothing is being answered here.' }
    })
    await world.admin.updateExpertScript(webhook.expertId, { kind: 'stream', text: 'Yes', deltas: 1, everyMs: 5 })
  })

  it('add up the living instances and count a dead one out, in both modes', async () => {
    await world.startHost({ instance: 'second' })
    const [first, second] = world.everyHost
    const url = `${second!.url}/api/lark/webhook/${webhook.integrationId}`
    await world.lark.updateApp(webhook.app.appId, { webhookUrl: url, verificationToken: 'wrong' })
    await say(webhook, 'with a wrong token')
    await world.lark.waitForDelivery({ appId: webhook.app.appId, ok: false, attempt: 1 })
    await world.lark.cancelRetries()
    await world.lark.updateApp(webhook.app.appId, { verificationToken: webhook.app.verificationToken })

    const atFirst = (key: string) =>
      first!
        .login('admin')
        .viewData<Page & { summary: Record<string, string> }>(webhook.integrationId, `lark_integration__${key}`)
    await eventually('the other instance has told', async () =>
      (await atFirst('status')).body.summary['errors']!.includes(' UTC its Verification Token')
    )
    const facts = new Map((await atFirst('diagnosis')).body.items.map(({ id, cause }) => [id, cause]))
    expect(facts.get('callback_url')).toBe(`https://xpert.example/api/lark/webhook/${webhook.integrationId}`)
    expect(facts.get('last_refused')).toMatch(/ UTC its Verification Token/)
    expect(facts.get('last_callback')).toMatch(/^\d{4}-/)
    expect(facts.get('secrets')).toBe('App Secret, Verification Token')
    expect(facts.get('calls:im.message.reply')).toMatch(/^[1-9]\d* since the start/)
    expect([...facts.keys()].filter((id) => id?.startsWith('instance:'))).toHaveLength(2)
    expect(JSON.stringify([...facts])).not.toContain(webhook.app.appSecret)

    await second!.kill('SIGKILL')
    const [dead] = await world.database.query<{ id: string }>(
      `SELECT id::text AS id FROM plugin_lark_instance ORDER BY started_at DESC LIMIT 1`
    )
    await world.database.query(FORGET_DEAD, [dead!.id])
    expect((await atFirst('status')).body.summary['errors']).toBe('-')
    const left = (await atFirst('diagnosis')).body.items.filter(({ id }) => id?.startsWith('instance:'))
    expect(left).toHaveLength(1)
    await world.lark.updateApp(webhook.app.appId, {
      webhookUrl: `${first!.url}/api/lark/webhook/${webhook.integrationId}`
    })
  })

  it('switch the long connection off and on, for as long as an admin wants', async () => {
    await eventually('it is connected', async () => (await summary(socket))['state']?.startsWith('connected ('))
    expect(await summary(socket)).toMatchObject({
      mode: 'long connection',
      bot: 'Ada',
      owner: expect.stringMatching(/ \([0-9a-f]{8}\) \/ /)
    })
    expect(await buttons(socket)).toEqual({ names: ['refresh', 'reconnect', 'disconnect'], badge: 'connected' })
    expect(await buttons(webhook)).toEqual({ names: ['refresh'], badge: undefined })

    const connectionLine = async () => {
      const { items } = await read<{ items: Record<string, string>[] }>(socket, 'diagnosis')
      return items.find(({ check }) => check === 'connection')?.['verdict']
    }
    expect(await connectionLine()).toBe('OK')
    expect(await act(socket, 'status', 'disconnect')).toMatchObject({ success: true })
    await world.lark.waitForConnections(socket.app.appId, 0, 40_000)
    expect(await connectionLine()).not.toBe('OK')
    expect((await summary(socket))['state']).toMatch(/^disconnected/)
    expect(await buttons(socket)).toEqual({ names: ['refresh', 'connect'], badge: 'disconnected' })

    const connect = await world.admin.request('POST', `/api/lark/${socket.integrationId}/connect`)
    expect(connect).toMatchObject({ status: 202, body: { success: true } })
    await world.lark.waitForConnections(socket.app.appId, 1, 40_000)

    const [before] = await world.lark.connections(socket.app.appId)
    expect((await world.admin.request('POST', `/api/lark/${socket.integrationId}/reconnect`)).status).toBe(202)
    await eventually(
      'there is another socket',
      async () => {
        const now = await world.lark.connections(socket.app.appId)
        return now.length === 1 && now[0]!.connectionId !== before!.connectionId
      },
      60_000
    )
    const status = await world.admin.request(`GET`, `/api/lark/${socket.integrationId}/runtime-status`)
    expect(status).toMatchObject({
      status: 200,
      body: { mode: 'long_connection', bot: 'Ada', failed: expect.any(Number) }
    })
    expect((await world.admin.request('POST', `/api/lark/${webhook.integrationId}/reconnect`)).status).toBe(409)
  })

  it('change nothing and ask Lark nothing but the doctor’s questions when they are read', async () => {
    const bots = [webhook, socket]
    const ids = bots.map(({ integrationId }) => integrationId)
    const own = `WHERE integration_id = ANY($1)`
    const state = () =>
      world.database.query(
        `SELECT (SELECT count(*) FROM plugin_lark_inbound_event ${own}) AS events,
                (SELECT count(*) FROM plugin_lark_user ${own}) AS users,
                (SELECT json_agg(c.desired_state) FROM plugin_lark_connection c) AS wishes,
                (SELECT count(*) FROM plugin_lark_job WHERE name LIKE 'directory:%') AS reads`,
        [ids]
      )
    // What a tab might want to know; connections and late answers ask for other things meanwhile.
    const asked = async () => {
      const calls = await Promise.all(bots.map(({ app: { appId } }) => world.lark.calls({ appId })))
      return calls
        .flat()
        .map(({ api }) => api)
        .filter((api) => /^(contact|application|im\.chat)\./.test(api))
    }
    // Who wrote is recorded behind the answer.
    const unrecorded = `SELECT 1 FROM plugin_lark_inbound_event ${own} AND sender_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM plugin_lark_user known WHERE known.open_id = sender_id)`
    await eventually('everybody is recorded', async () => (await world.database.query(unrecorded, [ids])).length === 0)
    const before = await state()
    const calls = await asked()
    for (const bot of bots) for (const key of ['status', 'users', 'sessions', 'messages']) await read(bot, key)
    expect(await state()).toEqual(before)
    expect(await asked()).toEqual(calls)
  })

  it('show what people wrote only where the operator allows it', async () => {
    const { messageId } = await say(webhook, 'a private word')
    await ended(messageId)
    const texts = async () => (await messages(webhook, messageId)).items.map(({ text }) => text)
    expect(await texts()).toEqual([undefined])
    const put = (config: object) =>
      world.admin.request('PUT', '/api/plugin/configuration', { pluginName: '@xpert-ai/plugin-lark', config })
    const endpoints = { feishu: world.lark.url, lark: world.lark.url }
    expect((await put({ endpoints, views: { messageTexts: true } })).status).toBe(200)
    await eventually('the text is shown', async () => (await texts())[0] === 'a private word')
    expect((await put({ endpoints })).status).toBe(200)
    await eventually('it is hidden again', async () => (await texts())[0] === undefined)
  })
})
