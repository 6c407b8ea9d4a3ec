import { Transport } from '../../playground/lark-simulator/client'
import { XpertHost } from '../../playground/xpert-host/client'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const QUICK = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 2 } as const
const SLOW = {
  kind: 'stream',
  text: `You said: {input}. ${Array.from({ length: 400 }, (_, index) => `w${index}`).join(' ')}`,
  everyMs: 100
} as const

/** What happens to conversations while instances come and go, experts are published again, and many people write at once. */
describe('conversations on two hosts', () => {
  let world: World
  const hosts = new Map<string, XpertHost>()

  const startHost = async (instance: string): Promise<void> => {
    hosts.set(instance, await world.startHost({ instance }))
  }

  beforeAll(async () => {
    world = await World.create()
    await startHost('first')
    await startHost('second')
  }, 180_000)

  afterAll(() => world.end())

  const say = async (bot: Bot, text: string, userId?: string) => {
    const by = userId ?? (await world.person()).userId
    return { userId: by, ...(await world.lark.say({ userId: by, appId: bot.app.appId, text })) }
  }
  const ended = (messageId: string, state: string, reason: string) => world.ended(messageId, state, reason)
  const botMessages = async (chatId: string) => (await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)
  /** Ids of a chat's messages in the order in which they were stored. */
  const acceptedIn = async (chatId: string): Promise<string[]> => {
    const rows = await world.database.query<{ id: string }>(
      `SELECT message_id AS id FROM plugin_lark_inbound_event WHERE chat_id = $1 AND dedup_key LIKE 'message:%' ORDER BY position`,
      [chatId]
    )
    return rows.map(({ id }) => id)
  }
  /** What the expert was asked, a dispatch once: a busy host may run one again by itself (host-observed 33). */
  const questionsTo = async (bot: Bot): Promise<string[]> => {
    const runs = await world.admin.runs(bot.expertId)
    return [...new Map(runs.map(({ id, input }) => [id, String(input)])).values()]
  }
  /** As if everything that was heard of the runs, and their dispatches, had been that long ago. */
  const age = async (interval: string): Promise<void> => {
    await world.database.query(`UPDATE plugin_lark_run_event SET received_at = received_at - $1::interval`, [interval])
    await world.database.query(`UPDATE plugin_lark_turn SET dispatched_at = dispatched_at - $1::interval`, [interval])
  }
  /** Ends the host that runs the bot's last run as a deployment does, and starts another one in its place, where Lark finds it. */
  const replaceHostOf = async (bot: Bot): Promise<void> => {
    const run = (await world.admin.runs(bot.expertId)).at(-1)
    await hosts.get(run!.instance)!.stop()
    await startHost(`next-${hosts.size}`)
    await world.connect(bot)
  }
  /** What stands on the way from Lark to the message's row differs; the rest of this file is behind it. */
  const TRANSPORTS: readonly Transport[] = ['webhook', 'long_connection']

  it.each(TRANSPORTS)(
    'over %s say that an answer was interrupted when its host is replaced, and give it whole when the person asks again',
    async (transport) => {
      const bot = await world.hire(transport, SLOW)
      const asked = await say(bot, 'tell me')
      await world.lark.waitForMessage(asked.chatId, { fromBot: true, textIncludes: 'w3' })
      const next = await say(bot, 'and then?', asked.userId)
      await replaceHostOf(bot)
      await world.admin.updateExpertScript(bot.expertId, QUICK)
      await age('12 minutes')
      await ended(asked.messageId, 'failed', 'run_interrupted')
      const [card, ...others] = await botMessages(asked.chatId)
      expect(others.filter(({ replyTo }) => replyTo === asked.messageId)).toEqual([])
      expect(card!.text).toContain('w3')
      // The conversation goes on meanwhile.
      await ended(next.messageId, 'answered', 'answered')
      await world.lark.press({ userId: asked.userId, messageId: card!.messageId, button: 'Try again' })
      await world.lark.waitForMessage(asked.chatId, {
        replyTo: asked.messageId,
        textIncludes: 'You said: tell me. That is'
      })
      expect((await botMessages(asked.chatId)).filter(({ replyTo }) => replyTo === asked.messageId)).toHaveLength(1)
    },
    120_000
  )

  it('ask once more when the host of a run is replaced before its first word', async () => {
    const bot = await world.hire('long_connection', { kind: 'never' })
    const asked = await say(bot, 'will it ever?')
    await world.admin.waitForRuns(bot.expertId, 1)
    await world.admin.updateExpertScript(bot.expertId, QUICK)
    await replaceHostOf(bot)
    await age('16 minutes')
    await ended(asked.messageId, 'answered', 'answered')
    expect(await botMessages(asked.chatId)).toHaveLength(1)
  }, 120_000)

  it.each(TRANSPORTS)(
    'over %s miss nothing while the expert is published again and again',
    async (transport) => {
      const bot = await world.hire(transport, QUICK)
      const people = await Promise.all(Array.from({ length: 4 }, () => world.person()))
      const said: { messageId: string; chatId: string }[] = []
      let isOver = false
      let published = 0
      // All the time, but no more than the answers to which are waited for: the hosts are slower than who writes.
      const isDue = async () => isOver || said.length < 20 * (published + 1)
      const writing = (async () => {
        for (;;) {
          await eventually('it is published once more', isDue, 120_000)
          if (isOver) return
          said.push(await say(bot, `message ${said.length}`, people[said.length % people.length]!.userId))
        }
      })()
      for (; published < 6; published += 1) {
        await world.admin.unpublish(bot.expertId)
        const config = { integrationId: bot.integrationId }
        expect((await world.admin.publish(bot.expertId, { provider: 'lark', config })).status).toBeLessThan(300)
        const goal = Math.min(said.length + 5, 20 * (published + 1))
        await eventually('people go on writing', async () => said.length >= goal)
      }
      isOver = true
      await writing
      for (const { messageId } of said) await ended(messageId, 'answered', 'answered')
      for (const { userId } of people) {
        const mine = said.filter((_, index) => people[index % people.length]!.userId === userId)
        const { chatId } = mine[0]!
        const sent = mine.map(({ messageId }) => messageId)
        const accepted = await acceptedIn(chatId)
        expect([...accepted].sort()).toEqual([...sent].sort())
        // Requests of a webhook may overtake each other; frames on a socket do not.
        if (transport === 'long_connection') expect(accepted).toEqual(sent)
        expect((await botMessages(chatId)).map(({ replyTo }) => replyTo)).toEqual(accepted)
      }
    },
    180_000
  )

  it('answer a burst of 200 messages of one person in one run a full window, whichever host they reach', async () => {
    const trigger = { summaryWindowSeconds: 5, summaryMaxWaitSeconds: 120, summaryMaxMessages: 100 }
    const bot = await world.hire('long_connection', QUICK, { trigger })
    const { userId } = await world.person()
    const said = await Promise.all(Array.from({ length: 200 }, (_, number) => say(bot, `part ${number};`, userId)))
    for (const { messageId } of said) await ended(messageId, 'answered', 'answered')
    const inputs = await questionsTo(bot)
    expect(inputs.join('\n').match(/part \d+;/g)).toHaveLength(200)
    expect(new Set(inputs.join('\n').match(/part \d+;/g))).toEqual(new Set(said.map((_, number) => `part ${number};`)))
    expect(inputs.map((input) => input.match(/part/g)?.length)).toEqual([100, 100])
    expect(await botMessages(said[0]!.chatId)).toHaveLength(2)
  }, 180_000)

  it('keep 100 people apart who write to one group at once', async () => {
    const trigger = { summaryWindowSeconds: 2, sessionScope: 'chat_and_sender' }
    const bot = await world.hire('long_connection', QUICK, { trigger })
    const people = await Promise.all(Array.from({ length: 100 }, (_, index) => world.person(`P${index}`)))
    const userIds = people.map(({ userId }) => userId)
    const { chatId } = await world.lark.createGroup({ name: 'All', userIds, appIds: [bot.app.appId] })
    const write = (userId: string, text: string) => world.lark.say({ userId, chatId, text: `@Ada ${text}` })
    const said = await Promise.all(
      userIds.flatMap((userId, index) => [write(userId, `a${index};`), write(userId, `b${index};`)])
    )
    for (const { messageId } of said) await ended(messageId, 'answered', 'answered')
    const inputs = await questionsTo(bot)
    const authors = inputs.map((input) => new Set(input.match(/(?<=[ab])\d+(?=;)/g)))
    expect(authors.every(({ size }) => size === 1)).toBe(true)
    expect(
      inputs
        .join('\n')
        .match(/[ab]\d+;/g)
        ?.sort()
    ).toEqual(userIds.flatMap((_, index) => [`a${index};`, `b${index};`]).sort())
    expect(inputs).toHaveLength(100)
  }, 180_000)
})
