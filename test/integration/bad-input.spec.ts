import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 4 } as const

const encrypt = (key: string, plaintext: string): string => {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv)
  return Buffer.concat([iv, cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64')
}

const sign = (key: string, body: string, timestamp = String(Math.floor(Date.now() / 1000))): Record<string, string> => {
  const nonce = randomBytes(8).toString('hex')
  const signature = createHash('sha256')
    .update(timestamp + nonce + key + body)
    .digest('hex')
  return { 'x-lark-request-timestamp': timestamp, 'x-lark-request-nonce': nonce, 'x-lark-signature': signature }
}

describe('bad input to the webhook', () => {
  let world: World
  let plain: Bot
  let encrypted: Bot
  let socket: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    plain = await world.hire('webhook', ANSWER, { encryptKey: '' })
    encrypted = await world.hire('webhook', ANSWER, { encryptKey: 'a key' })
    socket = await world.hire('long_connection', ANSWER)
  })

  afterAll(() => world.end())

  const post = async (integrationId: string, body: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${world.host.url}/api/lark/webhook/${integrationId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body
    })
    const text = await answer.text()
    return { status: answer.status, text }
  }

  const event = (bot: Bot, change: { token?: string; appId?: string; type?: string } = {}): string =>
    JSON.stringify({
      schema: '2.0',
      header: {
        event_id: randomUUID(),
        event_type: change.type ?? 'im.message.receive_v1',
        create_time: String(Date.now()),
        token: change.token ?? bot.app.verificationToken,
        app_id: change.appId ?? bot.app.appId,
        tenant_key: 't1'
      },
      event: {
        sender: { sender_id: { open_id: 'ou_1' }, sender_type: 'user', tenant_key: 't1' },
        message: {
          message_id: `om_${randomUUID()}`,
          create_time: '1700000000000',
          chat_id: 'oc_1',
          chat_type: 'p2p',
          message_type: 'text',
          content: '{"text":"hi"}'
        }
      }
    })

  const encryptedEvent = (bot: Bot, change: Parameters<typeof event>[1] = {}): string =>
    JSON.stringify({ encrypt: encrypt('a key', event(bot, change)) })

  const table: [string, number, () => { id: string; body: string; headers?: Record<string, string> }][] = [
    ['an id that is none', 404, () => ({ id: 'nonsense', body: event(plain) })],
    ['an unknown integration', 404, () => ({ id: randomUUID(), body: event(plain) })],
    ['an integration in long-connection mode', 403, () => ({ id: socket.integrationId, body: event(socket) })],
    ['malformed JSON', 400, () => ({ id: plain.integrationId, body: '{"schema":' })],
    ['JSON that is no event', 400, () => ({ id: plain.integrationId, body: '[1,2]' })],
    ['a wrong token', 401, () => ({ id: plain.integrationId, body: event(plain, { token: 'wrong' }) })],
    ['no token', 401, () => ({ id: plain.integrationId, body: event(plain, { token: '' }) })],
    [
      'the event of another app',
      403,
      () => ({ id: plain.integrationId, body: event(plain, { appId: encrypted.app.appId }) })
    ],
    ['an unsigned event', 401, () => ({ id: encrypted.integrationId, body: encryptedEvent(encrypted) })],
    [
      'a plain event where events are encrypted',
      401,
      () => {
        const body = event(encrypted)
        return { id: encrypted.integrationId, body, headers: sign('a key', body) }
      }
    ],
    [
      'a wrong signature',
      401,
      () => {
        const body = encryptedEvent(encrypted)
        return { id: encrypted.integrationId, body, headers: sign('another key', body) }
      }
    ],
    [
      'a signature of nine hours ago',
      401,
      () => {
        const body = encryptedEvent(encrypted)
        return {
          id: encrypted.integrationId,
          body,
          headers: sign('a key', body, String(Math.floor(Date.now() / 1000) - 9 * 3600))
        }
      }
    ],
    [
      'ciphertext that is garbage',
      401,
      () => {
        const body = JSON.stringify({ encrypt: 'Z2FyYmFnZQ==' })
        return { id: encrypted.integrationId, body, headers: sign('a key', body) }
      }
    ]
  ]

  it.each(table)('refuses %s with %i, a short reason and no row', async (_what, status, request) => {
    const before = await world.database.query('SELECT id FROM plugin_lark_inbound_event')
    const { id, body, headers } = request()

    const answer = await post(id, body, headers)

    expect(answer).toMatchObject({ status })
    expect(answer.text.length).toBeLessThan(300)
    expect(answer.text).not.toMatch(/ at |node_modules|\.ts|\.js/)
    expect(await world.database.query('SELECT id FROM plugin_lark_inbound_event')).toHaveLength(before.length)
  })

  it('acknowledges an event type that it does not handle, without a row', async () => {
    const before = await world.database.query('SELECT id FROM plugin_lark_inbound_event')
    expect((await post(plain.integrationId, event(plain, { type: 'im.chat.updated_v1' }))).status).toBe(200)
    expect(await world.database.query('SELECT id FROM plugin_lark_inbound_event')).toHaveLength(before.length)
  })

  it.each([
    ['plain', () => plain],
    ['encrypted', () => encrypted]
  ] as const)('answers the URL challenge, %s', async (_form, bot) => {
    const { ok, body } = await world.lark.verifyWebhook(bot().app.appId)
    expect({ ok, body }).toMatchObject({ ok: true, body: { challenge: expect.any(String) as string } })
  })

  it.each([
    ['plain', () => plain],
    ['encrypted', () => encrypted]
  ] as const)('answers a message, %s, after all that', async (_form, bot) => {
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot().app.appId, text: 'still there?' })
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
  })
})

describe('when Lark or the database fails', () => {
  let world: World
  let bot: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    bot = await world.hire('webhook', ANSWER)
  })

  afterAll(() => world.end())

  const ask = async (text: string) => {
    const { userId } = await world.person()
    return world.lark.say({ userId, appId: bot.app.appId, text })
  }

  it('answers once although Lark did the work and lost its answer', async () => {
    await world.lark.addFault({ on: 'api', api: 'im.message.reply', drop: 'after', times: 1 })
    const { messageId, chatId } = await ask('is it lost?')
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')
    expect((await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(1)
  })

  it('answers once, as a card, although Lark gave no definite answer for a while', async () => {
    await world.host.changeClock({ rate: 10 })
    await world.lark.addFault({ on: 'api', api: 'im.message.reply', status: 502, times: 10 })
    const { messageId, chatId } = await ask('who knows?')
    const answer = await world.lark.waitForMessage(
      chatId,
      { fromBot: true, replyTo: messageId, textIncludes: 'whole' },
      60_000
    )
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')
    await world.host.changeClock({ rate: 1 })
    expect(answer.type).toBe('interactive')
    expect((await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(1)
  })

  it('answers in text where Lark refuses the card', async () => {
    await world.lark.addFault({
      on: 'api',
      api: 'im.message.reply',
      code: 230099,
      status: 400,
      msg: 'Failed to create card content',
      times: 2
    })
    const { messageId, chatId } = await ask('no card, please')
    const answer = await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')
    expect((await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(1)
    await world.lark.clearFaults()
    expect(['text', 'interactive']).toContain(answer.type)
  })

  it('keeps an outcome that an admin can read where Lark refuses everything', async () => {
    await world.lark.addFault({
      on: 'api',
      api: 'im.message.reply',
      code: 230002,
      status: 400,
      msg: 'The bot can not be outside the group',
      times: -1
    })
    const { messageId } = await ask('nobody hears this')
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'failed')
    expect(await world.row(messageId)).toMatchObject({ reason: 'delivery_failed' })
    await world.lark.clearFaults()
  })

  it('lets a mention wait until Lark says who the bot is', async () => {
    await world.lark.addFault({ on: 'api', api: 'bot.info', status: 500, times: 1 })
    const { userId } = await world.person()
    const group = await world.lark.createGroup({ name: 'Team', userIds: [userId], appIds: [bot.app.appId] })
    const { messageId } = await world.lark.say({ userId, chatId: group.chatId, text: '@Ada do you know yourself?' })
    await eventually('the row waits', async () => {
      const [row] = await world.database.query<{ state: string; attempts: number }>(
        'SELECT state, attempts FROM plugin_lark_inbound_event WHERE message_id = $1',
        [messageId]
      )
      return row?.state === 'received' && row.attempts > 0
    })
    await world.host.changeClock({ advanceMs: 60_000 })
    await world.lark.waitForMessage(group.chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' }, 40_000)
  })

  it('survives that the database ends all its connections', async () => {
    await world.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
    )
    const { messageId, chatId } = await ask('and now?')
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' }, 60_000)
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')
    expect((await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(1)
    expect(world.host.logs.filter((line) => /unhandled/i.test(line))).toEqual([])
  })
})
