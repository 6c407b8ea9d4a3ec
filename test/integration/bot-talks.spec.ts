import { openIdFor } from '../../playground/lark-simulator/state/ids'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const QUICK = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 2 } as const

/** Bots that mention each other never end by themselves. */
describe('a talk of bots, on two hosts', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    await world.startHost()
  }, 180_000)

  afterAll(() => world.end())

  const ended = (messageId: string, state: string, reason: string) => world.ended(messageId, state, reason)

  /** Our bot, another one and Mei in a group. */
  const gathered = async (trigger: Record<string, unknown>) => {
    const bot = await world.hire('long_connection', QUICK, {
      trigger: { respondToBots: true, ...trigger },
      scopes: ['im:message.group_msg']
    })
    const other = await world.lark.createApp({ transport: 'webhook', name: 'Other' })
    const { userId } = await world.person()
    const { chatId } = await world.lark.createGroup({
      name: 'Bots',
      userIds: [userId],
      appIds: [bot.app.appId, other.appId]
    })
    const speak = otherBot(other, chatId, bot)
    const say = (text: string) => world.lark.say({ userId, chatId, text })
    /** The other bot speaks so many times, each time when the last word was handled. */
    const talk = async (times: number): Promise<string[]> => {
      const sent: string[] = []
      for (let turn = 0; turn < times; turn += 1) {
        const messageId = await speak(`turn ${turn}`)
        sent.push(messageId)
        await eventually('it is handled', async () =>
          /answered|refused/.test((await world.row(messageId))?.state ?? '')
        )
      }
      return sent
    }
    const answered = async (): Promise<string[]> =>
      (await world.lark.read(chatId)).flatMap(({ appId, replyTo, text }) =>
        appId === bot.app.appId && replyTo && text.includes('whole') ? [replyTo] : []
      )
    const notices = async (): Promise<number> =>
      (await world.lark.read(chatId)).filter(({ text }) => text.includes('Bots have talked')).length
    return { bot, chatId, speak, say, talk, answered, notices }
  }

  it.each(['chat', 'chat_and_sender', 'thread'])(
    'ends after ten turns, until a person is answered: a conversation for each %s',
    async (sessionScope) => {
      const { bot, chatId, speak, say, talk, answered, notices } = await gathered({ sessionScope })
      const sent = await talk(12)
      expect(await answered()).toEqual(sent.slice(0, 10))
      await Promise.all(sent.slice(10).map((messageId) => ended(messageId, 'refused', 'bot_loop')))
      await ended(await speak('/new and now?'), 'refused', 'bot_loop')
      expect(await notices()).toBe(1)
      const sessions = await world.database.query(`SELECT 1 FROM plugin_lark_session WHERE chat_id = $1`, [chatId])
      expect(sessions).toHaveLength(sessionScope === 'thread' ? 10 : 1)
      await ended((await say('@Ada and I?')).messageId, 'answered', 'answered')
      await ended(await speak('thank you'), 'answered', 'answered')
      // Without the setting a bot is not answered at all.
      const config = { integrationId: bot.integrationId, respondToBots: false }
      expect((await world.admin.publish(bot.expertId, { provider: 'lark', config })).status).toBeLessThan(300)
      await ended(await speak('hello?'), 'refused', 'sender_is_bot')
    },
    180_000
  )

  it.each([
    ['that is not for the bot', 'what are they doing?', 'refused', 'not_mentioned'],
    ['that orders something', '@Ada /help', 'answered', 'command'],
    ['that asks nothing', '@Ada', 'answered', 'empty_message']
  ])(
    'goes on after a word of a person %s',
    async (_what, text, state, reason) => {
      const { speak, say, talk } = await gathered({ sessionScope: 'chat_and_sender' })
      const sent = await talk(11)
      await ended(sent[10]!, 'refused', 'bot_loop')
      await ended((await say(text)).messageId, state, reason)
      await ended(await speak('thank you'), 'answered', 'answered')
    },
    180_000
  )

  /** Another program's bot that mentions ours; answers with the id of each message that it sends. */
  const otherBot = (app: { appId: string; appSecret: string }, chatId: string, bot: Bot) => {
    const post = async (path: string, body: unknown, token?: string): Promise<Record<string, unknown>> => {
      const answer = await fetch(`${world.lark.url}/open-apis${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
        body: JSON.stringify(body)
      })
      return (await answer.json()) as Record<string, unknown>
    }
    return async (text: string): Promise<string> => {
      const login = { app_id: app.appId, app_secret: app.appSecret }
      const { tenant_access_token: token } = await post('/auth/v3/tenant_access_token/internal', login)
      const content = JSON.stringify({ text: `<at user_id="${openIdFor(app.appId, bot.app.appId)}">Ada</at> ${text}` })
      const message = { receive_id: chatId, msg_type: 'text', content }
      // The bots of a chat share five messages a second.
      return eventually('Lark takes the message of the other bot', async () => {
        const sent = await post('/im/v1/messages?receive_id_type=chat_id', message, String(token))
        if (sent['code'] !== 0) throw new Error(JSON.stringify(sent))
        return (sent['data'] as { message_id: string }).message_id
      })
    }
  }
})
