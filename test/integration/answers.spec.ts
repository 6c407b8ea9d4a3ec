import { Client } from 'pg'
import { Transport } from '../../playground/lark-simulator/client'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const ANSWER = {
  kind: 'stream',
  text: 'You said: {input}. That is the **whole** answer.',
  deltas: 8,
  everyMs: 20
} as const

describe.each<Transport>(['webhook', 'long_connection'])('over %s', (transport) => {
  let world: World
  let bot: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    bot = await world.hire(transport, ANSWER)
  })

  afterAll(() => world.end())

  const botMessages = async (chatId: string) => (await world.lark.read(chatId)).filter((message) => message.fromBot)

  it('answers a direct message with one card that quotes it', async () => {
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })

    const answer = await world.lark.waitForMessage(chatId, {
      fromBot: true,
      replyTo: messageId,
      textIncludes: 'answer.'
    })
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')

    expect(answer.text).toBe('You said: hello. That is the **whole** answer.')
    expect(answer.type).toBe('interactive')
    expect(await botMessages(chatId)).toHaveLength(1)
    expect(await world.row(messageId)).toMatchObject({ state: 'answered', reason: 'answered' })
  })

  it('goes on with the same conversation', async () => {
    const { userId } = await world.person()
    const first = await world.lark.say({ userId, appId: bot.app.appId, text: 'one' })
    await world.lark.waitForMessage(first.chatId, { fromBot: true, replyTo: first.messageId, textIncludes: 'whole' })
    const second = await world.lark.say({ userId, appId: bot.app.appId, text: 'two' })
    await world.lark.waitForMessage(first.chatId, { fromBot: true, replyTo: second.messageId, textIncludes: 'whole' })

    const conversations = await world.admin.conversations(bot.expertId)
    const own = conversations.filter((conversation) =>
      conversation.messages.some(({ content }) => JSON.stringify(content).includes('one'))
    )
    expect(own).toHaveLength(1)
    expect(JSON.stringify(own[0]?.messages)).toContain('two')
  })

  it('answers a mention in a group, stays silent without one', async () => {
    const { userId } = await world.person()
    const group = await world.lark.createGroup({ name: 'Team', userIds: [userId], appIds: [bot.app.appId] })
    await world.lark.updateApp(bot.app.appId, { scopes: [...bot.app.scopes, 'im:message.group_msg'] })
    const silent = await world.lark.say({ userId, chatId: group.chatId, text: 'nobody in particular' })
    const asked = await world.lark.say({ userId, chatId: group.chatId, text: '@Ada what is new?' })

    await world.lark.waitForMessage(group.chatId, { fromBot: true, replyTo: asked.messageId, textIncludes: 'whole' })
    await eventually('the silent one is refused', async () => (await world.row(silent.messageId))?.state === 'refused')

    expect(await botMessages(group.chatId)).toHaveLength(1)
    expect((await botMessages(group.chatId))[0]?.text).toMatch(/^You said: \[[^\]]+\] what is new\?/)
    expect(await world.row(silent.messageId)).toMatchObject({ reason: 'not_mentioned', payload: null })
  })

  it('answers the same event once, however often Lark delivers it', async () => {
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'once, please' })
    await world.lark.redeliver({ messageId, appId: bot.app.appId, times: 5, together: true })
    await world.lark.redeliver({ messageId, appId: bot.app.appId, times: 1, newEventId: true })
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')
    await world.lark.redeliver({ messageId, appId: bot.app.appId, times: 1 })
    await world.lark.settled()

    const deliveries = await world.lark.deliveries({ messageId })
    expect(deliveries.length).toBeGreaterThanOrEqual(8)
    expect(deliveries.every(({ ok }) => ok)).toBe(true)
    expect(await world.rows(messageId)).toHaveLength(1)
    expect((await world.admin.runs(bot.expertId)).filter(({ input }) => input === 'once, please')).toHaveLength(1)
    expect(await botMessages(chatId)).toHaveLength(1)
  })

  it('reads what is no text', async () => {
    const { userId } = await world.person()
    const content = { name: 'Office', longitude: '121.47', latitude: '31.23' }
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, msgType: 'location', content })

    const question = 'You said: [location: Office, latitude 31.23, longitude 121.47].'
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: question })
    await eventually('the outcome is written', async () => (await world.row(messageId))?.reason === 'answered')
  })

  it('answers one after the other in one chat', async () => {
    const { userId } = await world.person()
    const said = []
    for (const text of ['first', 'second', 'third'])
      said.push(await world.lark.say({ userId, appId: bot.app.appId, text }))
    const chatId = said[0]!.chatId
    for (const { messageId } of said) {
      await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
    }
    const runs = (await world.admin.runs(bot.expertId)).filter(({ input }) =>
      ['first', 'second', 'third'].includes(input)
    )
    expect(runs.map(({ input }) => input)).toEqual(['first', 'second', 'third'])
    expect(new Set(runs.map(({ conversationId }) => conversationId)).size).toBe(1)
    for (const [index, run] of runs.slice(1).entries()) {
      expect(Date.parse(String(run.startedAt))).toBeGreaterThanOrEqual(Date.parse(String(runs[index]!.endedAt)))
    }
  })

  it('sends nothing that Lark would have refused', async () => {
    expect(await world.lark.violations()).toEqual([])
  })
})

describe.each<Transport>(['webhook', 'long_connection'])('when the process is killed, over %s', (transport) => {
  let world: World

  beforeEach(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
  })

  afterEach(() => world.end())

  it('answers a message that was acknowledged and not yet routed', async () => {
    const bot = await world.hire(transport, ANSWER)
    const { userId } = await world.person()
    const lock = new Client({ connectionString: world.database.url })
    await lock.connect()
    await lock.query('BEGIN; LOCK TABLE plugin_lark_binding IN ACCESS EXCLUSIVE MODE')

    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'are you there?' })
    await world.lark.waitForDelivery({ messageId, ok: true })
    await eventually('the row is claimed', async () => (await world.row(messageId))?.state === 'claimed')
    await world.host.kill('SIGKILL')
    await lock.query('ROLLBACK')
    await lock.end()
    expect(await world.admin.runs(bot.expertId).catch(() => [])).toEqual([])

    await world.startHost({ instance: 'second' })
    const answer = await world.lark.waitForMessage(
      chatId,
      { fromBot: true, replyTo: messageId, textIncludes: 'whole' },
      40_000
    )
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')

    expect(answer.text).toContain('You said: are you there?')
    expect((await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(1)
    expect(await world.admin.runs(bot.expertId)).toHaveLength(1)
  })
})
