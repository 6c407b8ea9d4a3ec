import { PDF } from '../support/bytes'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}.' } as const

/** Sentences that are no answers of an expert: what becomes of them, and of everybody else, when Lark does not take them. */
describe('a notice', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({
      pluginConfig: {
        endpoints: { feishu: world.lark.url, lark: world.lark.url },
        limits: { concurrentMessages: 10 }
      }
    })
  })

  afterEach(() => world.lark.clearFaults())

  afterAll(() => world.end())

  const say = async (bot: Bot, text: string) => {
    const { userId } = await world.person()
    return { userId, ...(await world.lark.say({ userId, appId: bot.app.appId, text })) }
  }
  const ended = (messageId: string, state: string, reason: string) => world.ended(messageId, state, reason)

  it('for which Lark does not answer holds up nobody of another app, and is sent once it does', async () => {
    const [silent, other] = await Promise.all([world.hire('webhook', ANSWER), world.hire('webhook', ANSWER)])
    const { appId } = silent.app
    await world.lark.addFault({ on: 'api', appId, drop: 'before', delayMs: 20_000, times: -1 })
    const waiting = await Promise.all(Array.from({ length: 30 }, () => say(silent, '/help')))
    await world.lark.waitForCall({ api: 'im.message.reply', appId, count: 8 })
    const { messageId } = await say(other, 'hello')
    await ended(messageId, 'answered', 'answered')
    for (const { messageId } of waiting) expect((await world.row(messageId))?.state).not.toBe('answered')

    await world.lark.clearFaults()
    for (const { messageId, chatId } of waiting) {
      await ended(messageId, 'answered', 'command')
      expect((await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(1)
    }
  }, 120_000)

  it('that names a file pings nobody, whatever the file is called', async () => {
    const bot = await world.hire('webhook', ANSWER)
    const { userId } = await world.person()
    const { key } = await world.lark.uploadFile({ name: 'x.pdf', bytes: PDF })
    const content = { file_key: key, file_name: '<at user_id="all">x</at> < at user_id="all">.pdf' }
    const { chatId } = await world.lark.say({ userId, appId: bot.app.appId, msgType: 'file', content })

    const notice = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'im:message:readonly' })
    expect(notice.text).toContain('＜at user_id="all">x＜/at> ＜ at user_id="all">.pdf')
    expect(notice.text).not.toContain('@all')
  })

  it('that Lark refuses for good is no reason to try again', async () => {
    const bot = await world.hire('webhook', ANSWER)
    const { appId } = bot.app
    await world.lark.addFault({ on: 'api', api: 'im.message.reply', appId, status: 400, code: 230018, times: -1 })
    const { userId, messageId } = await say(bot, '/help')
    await ended(messageId, 'answered', 'command')
    expect(await world.lark.calls({ api: 'im.message.reply', appId })).toHaveLength(1)

    await world.lark.clearFaults()
    const next = await world.lark.say({ userId, appId, text: 'hello' })
    await ended(next.messageId, 'answered', 'answered')
  })

  it('says what an order has stopped, whichever attempt at it Lark takes', async () => {
    const bot = await world.hire('webhook', ANSWER, { trigger: { summaryWindowSeconds: 60 } })
    const { appId } = bot.app
    const asked = await say(bot, 'hello')
    await eventually('it is collected', async () => (await world.row(asked.messageId))?.state === 'attached')
    await world.lark.addFault({ on: 'api', api: 'im.message.reply', appId, status: 500, times: 1 })
    const order = await world.lark.say({ userId: asked.userId, appId, text: '/stop' })
    await ended(order.messageId, 'answered', 'command')
    await ended(asked.messageId, 'dropped', 'stopped')
    const notices = (await world.lark.read(asked.chatId)).filter(({ fromBot }) => fromBot)
    expect(notices.map(({ text }) => text)).toEqual(['Stopped: your last message will not be answered.'])
  })
})
