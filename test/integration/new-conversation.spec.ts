import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

describe('a new conversation, where earlier messages come along', () => {
  let world: World
  let bot: Bot
  let userId: string
  let chatId: string

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
    await world.startHost({ instance: 'second' })
    bot = await world.hire(
      'webhook',
      { kind: 'stream', text: 'Read.' },
      { trigger: { historyMessages: 10, sessionTimeoutSeconds: 60 } }
    )
    userId = (await world.person()).userId
  })

  afterAll(() => world.end())

  /** What the expert reads when the person says this. */
  const input = async (text: string): Promise<string> => {
    const said = await world.lark.say({ userId, appId: bot.app.appId, text })
    chatId = said.chatId
    await eventually('it is answered', async () => (await world.row(said.messageId))?.state === 'answered')
    const runs = await world.admin.runs(bot.expertId)
    return runs.find((run) => run.input.includes(text))!.input
  }
  const sessions = () =>
    world.database.query<{ id: string; closed_at: Date | null }>(
      `SELECT id, closed_at FROM plugin_lark_session WHERE chat_id = $1 ORDER BY created_at`,
      [chatId]
    )
  const idle = () =>
    world.database.query(
      `UPDATE plugin_lark_session SET last_activity_at = last_activity_at - interval '2 minutes' WHERE closed_at IS NULL`
    )
  const pressNew = async () => {
    const card = (await world.lark.read(chatId)).findLast(({ fromBot }) => fromBot)!
    await world.lark.press({ userId, messageId: card.messageId, button: 'New conversation' })
    await eventually('no session is open', async () => (await sessions()).every(({ closed_at }) => closed_at))
  }

  it('knows what was said before a session that was only idle', async () => {
    await input('apples')
    await idle()
    expect(await input('bananas')).toContain('apples')
  })

  it('knows nothing from before the button', async () => {
    await pressNew()
    expect(await input('cherries')).not.toMatch(/apples|bananas/)
    await idle()
    const later = await input('dates')
    expect(later).toContain('cherries')
    expect(later).not.toMatch(/apples|bananas/)
  })

  it('knows nothing from before an admin began it', async () => {
    const open = (await sessions()).find(({ closed_at }) => closed_at === null)!
    const action = { targetId: open.id }
    await world.admin.viewAction(bot.integrationId, 'lark_integration__sessions', 'new_conversation', action)
    expect(await input('elderberries')).not.toMatch(/apples|bananas|cherries|dates/)
  })

  it('sends nothing that Lark would have refused', async () => {
    expect(await world.lark.violations()).toEqual([])
  })
})
