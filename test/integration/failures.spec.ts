import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 4 } as const

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

  const shown = async (messageId: string): Promise<Record<string, string | null>> => {
    const { body } = await world.admin.viewData<{ items: Record<string, string | null>[] }>(
      bot.integrationId,
      'lark_integration__messages',
      { search: messageId }
    )
    return body.items[0]!
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

  it('answers in a simpler form where Lark refuses the card', async () => {
    await world.lark.addFault({
      on: 'api',
      api: 'im.message.reply',
      code: 230099,
      status: 400,
      msg: 'Failed to create card content',
      times: 3
    })
    const { messageId, chatId } = await ask('no card, please')
    const answer = await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')
    expect((await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(1)
    await world.lark.clearFaults()
    expect(answer.type).toBe('text')
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
    const { outcome, run } = await shown(messageId)
    expect(outcome).toMatch(/^Failed: Lark refused the answer: the bot is not in the group \(230002\)/)
    const line = await eventually('it is logged', async () =>
      world.host.logs.find((one) => one.includes('an answer could not be delivered'))
    )
    for (const fact of [
      `integration=${bot.integrationId}`,
      `message=${messageId}`,
      `execution=${run}`,
      'larkCode=230002'
    ])
      expect(line).toContain(fact)
  })

  it('says to the person, too, that Lark’s content check refused the answer', async () => {
    await world.admin.updateExpertScript(bot.expertId, { ...ANSWER, everyMs: 500 })
    await world.lark.addFault({ on: 'api', api: 'im.message.patch', code: 230028, status: 400, times: 2 })
    const { messageId, chatId } = await ask('may it be said?')
    await world.ended(messageId, 'failed', 'content_refused')
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'content check' })
    const answers = (await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)
    expect(answers).toMatchObject([{ text: expect.not.stringContaining('whole') as string, card: { buttons: [] } }])
    expect((await shown(messageId)).outcome).toContain('230028')
    await world.admin.updateExpertScript(bot.expertId, ANSWER)
  })

  it('says of an answer that waits for Lark that it does, until it is there', async () => {
    await world.lark.addFault({ on: 'api', api: 'im.message.reply', status: 502, times: -1 })
    const { messageId } = await ask('who knows when?')
    await eventually(
      'the row says what it waits for',
      async () =>
        (await shown(messageId)).outcome === 'Waiting: Lark does not take the answer (502); it is sent again and again',
      60_000
    )
    const isLogged = (line: string): boolean =>
      line.includes('showing an answer failed') &&
      line.includes(`integration=${bot.integrationId}`) &&
      line.includes(`message=${messageId}`)
    await eventually('the log names the message', async () => world.host.logs.some(isLogged))
    await world.lark.clearFaults()
    await eventually('it is answered', async () => (await world.row(messageId))?.state === 'answered', 60_000)
    expect((await shown(messageId)).outcome).toBe('Answered: by the Digital Expert')
  }, 150_000)

  it('lets a mention wait until Lark says who the bot is', async () => {
    await world.lark.addFault({ on: 'api', api: 'bot.info', status: 500, times: 1 })
    const { userId } = await world.person()
    const group = await world.lark.createGroup({ name: 'Team', userIds: [userId], appIds: [bot.app.appId] })
    const { messageId } = await world.lark.say({ userId, chatId: group.chatId, text: '@Ada do you know yourself?' })
    await eventually('the row waits', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_inbound_event WHERE message_id = $1 AND state = 'received' AND available_at > now()`,
        [messageId]
      )
      return rows.length > 0
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
