import { SeenMessage } from '../../playground/lark-simulator/client'
import { eventually } from '../support/eventually'
import { runEndedAnHourAgo } from '../support/hour-ago'
import { Bot, World } from '../support/world'

const WORDS = Array.from({ length: 60 }, (_, index) => `word ${index}`).join(' ')
const ANSWER = { kind: 'stream', text: WORDS, everyMs: 40 } as const
const ASKING = {
  kind: 'interrupt',
  tool: 'send_mail',
  args: { to: 'mei@example.com' },
  beforeText: 'Let me see.',
  approvedText: 'The mail is sent.',
  rejectedText: 'The mail was not sent.'
} as const
const NEXT = { kind: 'stream', text: 'You said: {input}' } as const

describe('a card of which Lark says nothing for an hour', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
  })

  afterAll(() => world.end())

  const silence = ({ app: { appId } }: Bot) =>
    world.lark.addFault({ on: 'api', appId, api: 'im.message.patch', drop: 'before', times: -1 })
  const cardIn = async (chatId: string): Promise<SeenMessage | undefined> =>
    (await world.lark.read(chatId)).find(({ fromBot, recalled }) => fromBot && !recalled)
  const closed = async (chatId: string, ...texts: string[]): Promise<void> => {
    await world.lark.clearFaults()
    await eventually(
      'the card shows the end',
      async () => {
        const card = await cardIn(chatId)
        return card?.card?.buttons.length === 0 && texts.every((text) => card.text.includes(text))
      },
      90_000
    )
  }
  const answersNext = async (bot: Bot, userId: string): Promise<void> => {
    await world.admin.updateExpertScript(bot.expertId, NEXT)
    const next = await world.lark.say({ userId, appId: bot.app.appId, text: 'and now?' })
    await world.ended(next.messageId, 'answered', 'answered')
  }

  it('is not taken for one that shows the answer where the turn could not be ended at first', async () => {
    const bot = await world.hire('webhook', ANSWER)
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'and then?' })
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'word 1' })
    await silence(bot)
    await world.database.query(`CREATE SEQUENCE refusals`)
    await world.database.query(
      `CREATE FUNCTION refuse() RETURNS trigger AS $$
       BEGIN PERFORM nextval('refusals'); RAISE EXCEPTION 'not now'; END $$ LANGUAGE plpgsql`
    )
    await world.database.query(
      `CREATE TRIGGER refuse BEFORE UPDATE ON plugin_lark_turn FOR EACH ROW WHEN (NEW.state = 'ended') EXECUTE FUNCTION refuse()`
    )
    await runEndedAnHourAgo(world, bot.integrationId)
    const isRefused = async () => (await world.database.query(`SELECT 1 FROM refusals WHERE is_called`)).length > 0
    await eventually('the turn could not be ended', isRefused, 90_000)
    await world.database.query(`DROP TRIGGER refuse ON plugin_lark_turn`)
    await world.ended(messageId, 'failed', 'delivery_unknown')
    expect((await cardIn(chatId))?.card?.buttons.map(({ text }) => text)).toEqual(['Stop'])
    await closed(chatId, WORDS)
  }, 240_000)

  /** The card is there, and what it says by now can not be told. */
  const askedInDoubt = async () => {
    const bot = await world.hire('webhook', ASKING)
    const { appId } = bot.app
    const { userId } = await world.person()
    await world.lark.addFault({ on: 'api', appId, api: 'im.message.reply', drop: 'after', times: 1 })
    await silence(bot)
    return { bot, userId, ...(await world.lark.say({ userId, appId, text: 'write to Mei' })) }
  }

  it('asks nobody any more, and the next question is answered', async () => {
    const { bot, userId, messageId, chatId } = await askedInDoubt()
    await runEndedAnHourAgo(world, bot.integrationId)
    await world.ended(messageId, 'failed', 'delivery_unknown')
    await closed(chatId, 'Let me see.', 'Nobody decided in time, so this was not done.')
    await answersNext(bot, userId)
  }, 240_000)

  it('holds up no other message of its chat where somebody presses what it offers', async () => {
    const { bot, userId, messageId, chatId } = await askedInDoubt()
    const { appId } = bot.app
    await eventually('it asks', async () =>
      (await cardIn(chatId))?.card?.buttons.some(({ text }) => text === 'Confirm')
    )
    await world.lark.press({ userId, messageId: (await cardIn(chatId))!.messageId, button: 'Confirm' })
    const next = await world.lark.say({ userId, appId, text: 'and now?' })
    await eventually(
      'it waits for its turn',
      async () => (await world.row(next.messageId))?.state === 'attached',
      30_000
    )

    await world.lark.clearFaults()
    await world.ended(messageId, 'dropped', 'overtaken')
    const click = async () =>
      (
        await world.database.query<{ state: string; reason: string }>(
          `SELECT state, reason FROM plugin_lark_inbound_event WHERE integration_id = $1 AND event_type = 'card.action.trigger'`,
          [bot.integrationId]
        )
      )[0]
    await eventually('the click has ended', async () => (await click())?.reason === 'click_too_late')
  }, 240_000)

  it('only stops once its question is taken back, and the next one is answered', async () => {
    const bot = await world.hire('webhook', { ...ANSWER, everyMs: 1_000 }, { scopes: ['im:message:readonly'] })
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'and then?' })
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'word 1' })
    await silence(bot)
    await world.lark.recall({ userId, messageId })
    await runEndedAnHourAgo(world, bot.integrationId)
    await world.ended(messageId, 'dropped', 'recalled')
    await closed(chatId, 'word 1', 'Stopped.')
    await answersNext(bot, userId)
  }, 240_000)
})
