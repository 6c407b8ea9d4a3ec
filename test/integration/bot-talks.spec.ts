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

  const ended = (messageId: string, state: string, reason: string) =>
    eventually(
      `${state}: ${reason}`,
      async () => {
        const row = await world.row(messageId)
        if (row?.state === state && row.reason === reason) return true
        throw new Error(JSON.stringify(row))
      },
      60_000
    )

  it('end a talk of bots after ten turns, until a person speaks', async () => {
    const bot = await world.hire('long_connection', QUICK, { trigger: { respondToBots: true } })
    const other = await world.lark.createApp({ transport: 'webhook', name: 'Other' })
    const mei = await world.person()
    const { chatId } = await world.lark.createGroup({
      name: 'Bots',
      userIds: [mei.userId],
      appIds: [bot.app.appId, other.appId]
    })
    const speak = otherBot(other, chatId, bot)
    const answersTo = async (): Promise<string[]> =>
      (await world.lark.read(chatId)).flatMap(({ appId, replyTo, text }) =>
        appId === bot.app.appId && replyTo && text.includes('whole') ? [replyTo] : []
      )
    const sent: string[] = []
    for (let turn = 0; turn < 11; turn += 1) {
      const messageId = await speak(`turn ${turn}`)
      sent.push(messageId)
      await eventually('it is handled', async () => /answered|refused/.test((await world.row(messageId))?.state ?? ''))
    }
    expect(await answersTo()).toEqual(sent.slice(0, 10))
    expect(await world.row(sent[10]!)).toMatchObject({ state: 'refused', reason: 'bot_loop' })
    const human = await world.lark.say({ userId: mei.userId, chatId, text: '@Ada and I?' })
    await ended(human.messageId, 'answered', 'answered')
    const later = await speak('thank you')
    await ended(later, 'answered', 'answered')
    // Without the setting a bot is not answered at all.
    const config = { integrationId: bot.integrationId, respondToBots: false }
    expect((await world.admin.publish(bot.expertId, { provider: 'lark', config })).status).toBeLessThan(300)
    const ignored = await speak('hello?')
    await eventually('it is refused', async () => (await world.row(ignored))?.state === 'refused')
  }, 180_000)

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
