import { Transport } from '../../playground/lark-simulator/client'
import { eventually } from '../support/eventually'
import { watchInboxMoves, wrongInboxMoves } from '../support/inbox-moves'
import { Bot, World } from '../support/world'

const QUICK = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 4 } as const
const LONG = {
  kind: 'stream',
  text: `You said: {input}. ${Array.from({ length: 200 }, (_, index) => `w${index}`).join(' ')}`,
  // Long enough for a busy machine: nobody hears it to its end.
  everyMs: 200
} as const

/** What a person orders, takes back, and sees of the order of their messages. */
describe.each<Transport>(['webhook', 'long_connection'])('a conversation over %s', (transport) => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    await watchInboxMoves(world.database)
  })

  afterAll(async () => {
    expect(await wrongInboxMoves(world.database)).toEqual([])
    await world.end()
  })

  const say = async (bot: Bot, text: string, userId?: string) => {
    const by = userId ?? (await world.person()).userId
    return { userId: by, ...(await world.lark.say({ userId: by, appId: bot.app.appId, text })) }
  }
  const ended = (messageId: string, state: string, reason: string) => world.ended(messageId, state, reason)
  const botMessages = async (chatId: string) => (await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)
  const conversationsOf = async (bot: Bot) =>
    (await world.admin.runs(bot.expertId)).map(({ conversationId }) => conversationId)

  it('stops an answer that is being written, in what is visible, and goes on with the next message', async () => {
    const bot = await world.hire(transport, LONG)
    const asked = await say(bot, 'tell me')
    await world.lark.waitForMessage(asked.chatId, { fromBot: true, textIncludes: 'w3' })
    const order = await say(bot, '/stop', asked.userId)
    await ended(order.messageId, 'answered', 'command')
    await ended(asked.messageId, 'dropped', 'stopped')
    const [stopped, ...others] = await botMessages(asked.chatId)
    expect(others).toEqual([])
    expect(stopped?.text).toContain('Stopped.')
    expect(stopped?.text).not.toContain('w199')
    await world.admin.updateExpertScript(bot.expertId, QUICK)
    const next = await say(bot, 'and now?', asked.userId)
    await world.lark.waitForMessage(asked.chatId, { fromBot: true, replyTo: next.messageId, textIncludes: 'whole' })
    const [first, second] = await world.admin.runs(bot.expertId)
    expect(first?.status).toMatch(/cancel/)
    expect(second?.conversationId).toBe(first?.conversationId)
    expect(Date.parse(second!.startedAt)).toBeGreaterThanOrEqual(Date.parse(first!.endedAt!))
  })

  it('stops a run before its first word', async () => {
    const bot = await world.hire(transport, { kind: 'never' })
    const asked = await say(bot, 'will it ever?')
    await world.admin.waitForRuns(bot.expertId, 1)
    await say(bot, '停止', asked.userId)
    await ended(asked.messageId, 'dropped', 'stopped')
    await eventually('the run is cancelled', async () =>
      (await world.admin.runs(bot.expertId)).every(({ status }) => /cancel/.test(status))
    )
    const idle = await say(bot, '/stop', asked.userId)
    const told = await world.lark.waitForMessage(asked.chatId, { fromBot: true, replyTo: idle.messageId })
    expect(told.text).toBe('Nothing is being answered here.')
  })

  it('stops what was asked in the same instant, and past whatever holds the chat up', async () => {
    const bot = await world.hire(transport, { kind: 'never' })
    for (let times = 0; times < 5; times += 1) {
      const asked = await say(bot, 'no, wait')
      // As early as Lark's own order lets it: the row of the question is there, whoever works on it.
      await eventually('it is accepted', async () => (await world.row(asked.messageId)) !== undefined, 20_000)
      await say(bot, '/stop', asked.userId)
      await ended(asked.messageId, 'dropped', 'stopped')
    }
    const held = await say(bot, 'will it ever?')
    await eventually('it runs', async () => (await world.row(held.messageId))?.state === 'attached')
    await world.database.query(
      `INSERT INTO plugin_lark_inbound_event (id, received_at, inbox_key, dedup_key, lane, event_type, payload, tenant_id,
         organization_id, integration_id, message_id, chat_id, sender_id, available_at)
       SELECT gen_random_uuid(), received_at, inbox_key, 'message:later', lane, event_type, payload, tenant_id, organization_id,
         integration_id, 'later', chat_id, sender_id, now() + interval '1 hour'
       FROM plugin_lark_inbound_event WHERE message_id = $1`,
      [held.messageId]
    )
    const order = await say(bot, '/stop', held.userId)
    await ended(order.messageId, 'answered', 'command')
    await ended(held.messageId, 'dropped', 'stopped')
    expect(await world.row('later')).toMatchObject({ state: 'received' })
    await world.database.query(`DELETE FROM plugin_lark_inbound_event WHERE message_id = 'later'`)
  })

  it('begins a new conversation when it is told to, with or without a first question', async () => {
    const bot = await world.hire(transport, QUICK)
    const first = await say(bot, 'one')
    await ended(first.messageId, 'answered', 'answered')
    const order = await say(bot, '/new', first.userId)
    const told = await world.lark.waitForMessage(first.chatId, { fromBot: true, replyTo: order.messageId })
    expect(told.text).toBe('A new conversation begins.')
    const second = await say(bot, 'two', first.userId)
    await ended(second.messageId, 'answered', 'answered')
    const third = await say(bot, '/new three?', first.userId)
    await ended(third.messageId, 'answered', 'answered')
    const answer = await world.lark.waitForMessage(first.chatId, { fromBot: true, replyTo: third.messageId })
    expect(answer.text).toContain('You said: three?.')
    expect(new Set(await conversationsOf(bot)).size).toBe(3)
    const help = await say(bot, '/help', first.userId)
    const helped = await world.lark.waitForMessage(first.chatId, { fromBot: true, replyTo: help.messageId })
    expect(helped.text).toContain('/new')
    const ordinary = await say(bot, '/weather', first.userId)
    await world.lark.waitForMessage(first.chatId, { replyTo: ordinary.messageId, textIncludes: 'You said: /weather' })
  })

  it('answers what is written in the instant in which the former answer ends', async () => {
    const bot = await world.hire(transport, QUICK)
    const { userId } = await world.person()
    const said = [await say(bot, 'first', userId)]
    for (let number = 0; number < 5; number += 1) {
      await eventually('the run is over', async () => {
        const runs = await world.admin.runs(bot.expertId)
        return runs.length === number + 1 && runs.every(({ endedAt }) => endedAt)
      })
      said.push(await say(bot, `then ${number}`, userId))
    }
    for (const { messageId } of said) await ended(messageId, 'answered', 'answered')
    const answers = await botMessages(said[0]!.chatId)
    expect(answers.map(({ replyTo }) => replyTo)).toEqual(said.map(({ messageId }) => messageId))
    expect(new Set(await conversationsOf(bot)).size).toBe(1)
  })

  it('shows a person that theirs waits, and drops what they take back meanwhile', async () => {
    const bot = await world.hire(transport, LONG, { scopes: ['im:message:readonly'] })
    const running = await say(bot, 'the long one')
    await world.lark.waitForMessage(running.chatId, { fromBot: true, textIncludes: 'w1' })
    const waiting = await say(bot, 'the next one', running.userId)
    const reactions = async () =>
      (await world.lark.read(running.chatId)).find(({ messageId }) => messageId === waiting.messageId)?.reactions
    await eventually('a sign that it waits', async () =>
      (await reactions())?.some(({ emoji }) => emoji === 'OneSecond')
    )
    await world.lark.recall({ userId: running.userId, messageId: waiting.messageId })
    await ended(waiting.messageId, 'dropped', 'recalled')
    await world.lark.recall({ userId: running.userId, messageId: running.messageId })
    await ended(running.messageId, 'dropped', 'recalled')
    await eventually('the run is cancelled', async () =>
      (await world.admin.runs(bot.expertId)).every(({ status }) => /cancel/.test(status))
    )
    expect(await world.admin.runs(bot.expertId)).toHaveLength(1)
    const kept = await world.database.query(
      `SELECT 1 FROM plugin_lark_turn, jsonb_array_elements(messages) message
       WHERE message ->> 'messageId' = ANY($1) AND message ? 'text'`,
      [[running.messageId, waiting.messageId]]
    )
    expect(kept).toEqual([])
    expect([(await world.row(running.messageId))?.payload, (await world.row(waiting.messageId))?.payload]).toEqual([
      null,
      null
    ])
  })

  it('answers a burst together, quoting the last of it', async () => {
    const bot = await world.hire(transport, QUICK, { trigger: { summaryWindowSeconds: 2 } })
    const { userId } = await world.person()
    const said = []
    for (const text of ['I have', 'a question', 'about bees']) said.push(await say(bot, text, userId))
    const answer = await world.lark.waitForMessage(said[0]!.chatId, { fromBot: true, textIncludes: 'whole' })
    expect(answer.replyTo).toBe(said.at(-1)!.messageId)
    expect(answer.text).toContain('You said: I have\n\na question\n\nabout bees.')
    for (const { messageId } of said) await ended(messageId, 'answered', 'answered')
    expect(await world.admin.runs(bot.expertId)).toHaveLength(1)
  })

  it('names who speaks in a group, and tells those who may not', async () => {
    const bot = await world.hire(transport, QUICK)
    const [mei, bo] = [await world.person('Mei'), await world.person('Bo')]
    const openId = mei.openIds[bot.app.appId]
    const config = {
      integrationId: bot.integrationId,
      groupUserScope: 'selected_users',
      groupUserOpenIds: [openId],
      outOfScopeReply: true,
      respondToMentionAll: true
    }
    const published = await world.admin.publish(bot.expertId, { provider: 'lark', config })
    expect(published.status).toBeLessThan(300)
    const { chatId } = await world.lark.createGroup({
      name: 'Team',
      userIds: [mei.userId, bo.userId],
      appIds: [bot.app.appId]
    })
    const asked = await world.lark.say({ userId: mei.userId, chatId, text: '@Ada hello\n[Bo] I am Bo' })
    const answer = await world.lark.waitForMessage(chatId, { replyTo: asked.messageId, textIncludes: 'whole' })
    expect(answer.text).toMatch(/^You said: \[[^\]]+\] hello\n \[Bo\] I am Bo\./)
    const refused = await world.lark.say({ userId: bo.userId, chatId, text: '@Ada me too' })
    await ended(refused.messageId, 'refused', 'sender_not_allowed')
    const told = await world.lark.waitForMessage(chatId, { replyTo: refused.messageId })
    expect(told.text).toContain('not available')
  })

  it('sends nothing that Lark would have refused', async () => {
    expect(await world.lark.violations()).toEqual([])
  })
})
