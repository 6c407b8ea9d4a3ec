import { SeenMessage } from '../../playground/lark-simulator/client'
import { eventually } from '../support/eventually'
import { runEndedAnHourAgo } from '../support/hour-ago'
import { Bot, World } from '../support/world'

const CARDKIT = { scopes: ['cardkit:card:write'] }

describe('the life of a reply', () => {
  let world: World

  beforeEach(async () => {
    world = await World.create()
  })

  afterEach(() => world.end())

  const ask = async (bot: Bot, text: string) => {
    const { userId } = await world.person()
    return world.lark.say({ userId, appId: bot.app.appId, text })
  }
  const ended = (messageId: string, state = 'answered') =>
    eventually('the outcome is written', async () => (await world.row(messageId))?.state === state, 90_000)
  const answersIn = async (chatId: string): Promise<SeenMessage[]> =>
    (await world.lark.read(chatId)).filter(({ fromBot, recalled }) => fromBot && !recalled)
  const reactionsOn = async (chatId: string, messageId: string): Promise<string[]> =>
    (await world.lark.read(chatId))
      .find((message) => message.messageId === messageId)!
      .reactions.map(({ emoji }) => emoji)

  const isUnsigned = ({ chatId, messageId }: { chatId: string; messageId: string }) =>
    eventually('no reaction is left', async () => (await reactionsOn(chatId, messageId)).length === 0)

  /** What the trigger's settings say of every turn from now on. */
  const turnOptions = async (options: Record<string, unknown>): Promise<void> => {
    await world.database.query(
      `CREATE OR REPLACE FUNCTION with_options() RETURNS trigger AS $$
       BEGIN NEW.options = NEW.options || '${JSON.stringify(options)}'::jsonb; RETURN NEW; END $$ LANGUAGE plpgsql`
    )
    await world.database.query(
      `CREATE OR REPLACE TRIGGER with_options BEFORE INSERT ON plugin_lark_turn FOR EACH ROW EXECUTE FUNCTION with_options()`
    )
  }

  it('begins with a reaction that is gone at the end, also of a failed run, and is none on an old message', async () => {
    await world.startHost()
    const bot = await world.hire('webhook', { kind: 'stream', text: 'Well: {input}', silentMs: 5_000 }, CARDKIT)
    const asked = await ask(bot, 'think')
    await eventually('it is typing', async () => (await reactionsOn(asked.chatId, asked.messageId)).includes('Typing'))
    expect(await answersIn(asked.chatId)).toEqual([])
    const working = await world.lark.waitForMessage(asked.chatId, { fromBot: true, textIncludes: 'Working on it' })
    await ended(asked.messageId)
    await isUnsigned(asked)
    await world.admin.updateExpertScript(bot.expertId, { kind: 'stream', text: 'Well: {input}' })
    expect((await answersIn(asked.chatId)).map(({ messageId }) => messageId)).toEqual([working.messageId])

    const failing = await world.hire('webhook', { kind: 'fail', message: 'a secret of the expert' })
    const failed = await ask(failing, 'fail')
    await ended(failed.messageId, 'failed')
    await isUnsigned(failed)
    const [sorry] = await answersIn(failed.chatId)
    expect(sorry?.text).toContain('Something went wrong')
    expect(JSON.stringify(sorry)).not.toContain('secret')

    await world.lark.addFault({ on: 'api', api: 'im.reaction.create', status: 500, times: 1 })
    const without = await ask(bot, 'no reaction')
    await ended(without.messageId)

    const since = (await world.lark.clock()).now
    await world.host.changeClock({ advanceMs: 3 * 60_000 })
    const old = await ask(bot, 'late')
    await ended(old.messageId)
    expect(await world.lark.calls({ api: 'im.reaction.create', since })).toEqual([])
  })

  it('ends, and lets the next question begin, while Lark does not say that the reaction is gone, which any instance removes later', async () => {
    const first = await world.startHost({ instance: 'first' })
    const bot = await world.hire('webhook', { kind: 'stream', text: 'You said: {input}' })
    const { appId } = bot.app
    const { userId } = await world.person()
    await world.lark.addFault({ on: 'api', appId, api: 'im.reaction.delete', drop: 'before', times: -1 })
    const asked = await world.lark.say({ userId, appId, text: 'one' })
    const next = await world.lark.say({ userId, appId, text: 'two' })
    await ended(asked.messageId)
    await ended(next.messageId)
    // All of them would be seven for each.
    expect((await world.lark.calls({ api: 'im.reaction.delete', appId })).length).toBeLessThan(7)
    expect((await answersIn(asked.chatId)).map(({ text }) => text)).toEqual(['You said: one', 'You said: two'])
    expect(await reactionsOn(asked.chatId, asked.messageId)).toEqual(['Typing'])

    const due = () => world.database.query(`SELECT 1 FROM plugin_lark_reply WHERE sign_due_at > now()`)
    await eventually('both are known', async () => (await due()).length === 2)

    await first.kill('SIGKILL')
    await world.lark.clearFaults()
    await world.startHost({ instance: 'second' })
    await world.database.query(`UPDATE plugin_lark_reply SET sign_due_at = now()`)
    for (const one of [asked, next]) await isUnsigned(one)
    await eventually('the ledger knows', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_reply WHERE reaction_id IS NOT NULL OR sign_due_at IS NOT NULL`
      )
      return rows.length === 0
    })
  })

  it('goes on after a tool that was silent for twenty minutes, in the same card, which Lark never closed', async () => {
    await world.startHost()
    await turnOptions({ idleTimeoutSeconds: 1_800 })
    const words = Array.from({ length: 20 }, (_, index) => `word ${index}`).join(' ')
    const script = {
      kind: 'stream',
      text: words,
      everyMs: 1_000,
      tool: { name: 'dig', silentMs: 20 * 60_000 }
    } as const
    const bot = await world.hire('webhook', script, CARDKIT)
    const { messageId, chatId } = await ask(bot, 'dig')
    const working = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'dig' })
    await Promise.all([world.lark.changeClock({ rate: 60 }), world.host.changeClock({ rate: 60 })])
    await ended(messageId)
    const answers = await answersIn(chatId)
    expect(answers.map(({ text, messageId: id }) => [text, id])).toEqual([[words, working.messageId]])
    expect((await world.lark.calls({ api: 'cardkit.card.settings' })).length).toBeGreaterThanOrEqual(2)
    expect(await world.lark.violations()).toEqual([])
  }, 120_000)

  it('is brought to its end once Lark answers again, where it said nothing of the last state for an hour', async () => {
    await world.startHost()
    const words = Array.from({ length: 60 }, (_, index) => `word ${index}`).join(' ')
    const bot = await world.hire('webhook', { kind: 'stream', text: words, everyMs: 120 })
    const { appId } = bot.app
    const { messageId, chatId } = await ask(bot, 'and then?')
    const growing = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'word 1' })
    for (const api of ['im.message.patch', 'im.reaction.delete'])
      await world.lark.addFault({ on: 'api', appId, api, drop: 'before', times: -1 })
    await runEndedAnHourAgo(world, bot.integrationId)
    await ended(messageId, 'failed')
    expect(await world.row(messageId)).toMatchObject({ reason: 'delivery_unknown' })
    expect((await answersIn(chatId))[0]?.card?.buttons.map(({ text }) => text)).toEqual(['Stop'])

    await world.lark.clearFaults()
    await eventually('the card shows the end', async () => (await answersIn(chatId))[0]?.text === words, 90_000)
    const [answer, ...others] = await answersIn(chatId)
    expect(answer).toMatchObject({ messageId: growing.messageId, card: { streaming: false, buttons: [] } })
    expect(others).toEqual([])
    await eventually(
      'nothing is left to do',
      async () => {
        const done = await world.database.query(
          `SELECT 1 FROM plugin_lark_reply JOIN plugin_lark_turn turn ON turn.id = turn_id
         WHERE message_id = $1 AND reaction_id IS NULL AND text IS NULL AND NOT close_due`,
          [growing.messageId]
        )
        return done.length === 1
      },
      90_000
    )
  }, 180_000)

  it('is one final message where streaming is off', async () => {
    await world.startHost()
    await turnOptions({ streaming: false })
    const bot = await world.hire('webhook', { kind: 'stream', text: 'One after the other', everyMs: 500 }, CARDKIT)
    const { messageId, chatId } = await ask(bot, 'quietly')
    await ended(messageId)
    const [answer, ...others] = await answersIn(chatId)
    expect(others).toEqual([])
    expect(answer).toMatchObject({ text: 'One after the other', editCount: 0 })
  })

  it('is brought to its end by another instance when one dies in the middle', async () => {
    const first = await world.startHost({ instance: 'first' })
    const second = await world.startHost({ instance: 'second' })
    const words = Array.from({ length: 60 }, (_, index) => `word ${index}`).join(' ')
    const bot = await world.hire('webhook', { kind: 'stream', text: words, everyMs: 100 }, CARDKIT)
    const { messageId, chatId } = await ask(bot, 'go on')
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'word 3' })
    const [run] = await world.admin.runs(bot.expertId)
    await (run?.instance === 'first' ? second : first).kill('SIGKILL')
    await ended(messageId)
    const [answer, ...others] = await answersIn(chatId)
    expect(others).toEqual([])
    expect(answer?.text).toBe(words)
    expect(answer?.card?.streaming).toBe(false)
    const [done] = await world.admin.runs(bot.expertId)
    process.stdout.write(`final ${answer!.updateTime - Date.parse(String(done?.endedAt))} ms after the run's end\n`)
  }, 120_000)
})
