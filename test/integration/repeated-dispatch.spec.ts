import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

/** A dispatch whose process died before it was noted: nobody knows whether the host has it. */
describe('a dispatch that nobody noted', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    await world.database.query(`CREATE SEQUENCE forgotten`)
    await world.database.query(
      `CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`
    )
    await world.database.query(
      `CREATE FUNCTION forget_note() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM nextval('forgotten'); RETURN NULL; END $$`
    )
    await world.database.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$`
    )
  })

  afterAll(() => world.end())

  const say = async (bot: Bot, text: string, userId?: string) => {
    const by = userId ?? (await world.person()).userId
    return { userId: by, ...(await world.lark.say({ userId: by, appId: bot.app.appId, text })) }
  }
  const forget = async (what: 'dispatches' | 'events') => {
    const on =
      what === 'events'
        ? 'BEFORE INSERT ON plugin_lark_run_event FOR EACH ROW'
        : `BEFORE UPDATE ON plugin_lark_turn FOR EACH ROW WHEN (OLD.dispatched_at IS NULL AND NEW.dispatched_at IS NOT NULL)`
    const how = what === 'events' ? 'forget' : 'forget_note'
    if (what === 'dispatches') await world.database.query(`ALTER SEQUENCE forgotten RESTART`)
    await world.database.query(`CREATE TRIGGER ${what} ${on} EXECUTE FUNCTION ${how}()`)
  }
  /** The run may begin before its dispatch is noted: what is to be forgotten has come first. */
  const remember = async (what: 'dispatches' | 'events') => {
    if (what === 'dispatches')
      await eventually(
        'a note was lost',
        async () => (await world.database.query(`SELECT 1 FROM forgotten WHERE is_called`)).length === 1
      )
    await world.database.query(`DROP TRIGGER ${what} ON plugin_lark_${what === 'events' ? 'run_event' : 'turn'}`)
  }
  const overdue = () =>
    world.database.query(
      `UPDATE plugin_lark_turn SET deadline = now() - interval '1 second' WHERE state = 'running' AND dispatched_at IS NULL`
    )
  const isNoted = () =>
    eventually('the dispatch is noted', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_turn WHERE state = 'running' AND dispatched_at IS NOT NULL`
      )
      return rows.length === 1
    })
  const statuses = async (bot: Bot) => (await world.admin.runs(bot.expertId)).map(({ status }) => status)

  /** A run that was dispatched without a note, and of which nothing is heard until the events are remembered. */
  const askedUnheard = async () => {
    const bot = await world.hire('webhook', { kind: 'never' })
    await forget('dispatches')
    await forget('events')
    const asked = await say(bot, 'will it ever?')
    await world.admin.waitForRuns(bot.expertId, 1)
    await remember('dispatches')
    return { bot, asked }
  }
  const secondGoesOn = (bot: Bot) =>
    eventually('the second run goes on, the first one is cancelled', async () => {
      const [first, second] = await statuses(bot)
      return first === 'canceled' && second === 'running'
    })

  it('is made again where nothing was heard of its run, which ends: a stop leaves nothing that runs', async () => {
    const { bot, asked } = await askedUnheard()
    await overdue()
    await world.admin.waitForRuns(bot.expertId, 2)
    await isNoted()
    await remember('events')
    await secondGoesOn(bot)
    await say(bot, '/stop', asked.userId)
    await world.ended(asked.messageId, 'dropped', 'stopped')
    await eventually('nothing runs', async () => (await statuses(bot)).every((status) => status === 'canceled'))
    expect(await statuses(bot)).toHaveLength(2)
  })

  it('is noted where its run was heard, and not made again', async () => {
    const bot = await world.hire('webhook', { kind: 'never' })
    await forget('dispatches')
    const asked = await say(bot, 'will it ever?')
    await world.lark.waitForMessage(asked.chatId, { fromBot: true, replyTo: asked.messageId })
    await remember('dispatches')
    await overdue()
    await isNoted()
    await say(bot, '/stop', asked.userId)
    await world.ended(asked.messageId, 'dropped', 'stopped')
    expect(await statuses(bot)).toEqual(['canceled'])
  })

  it('is made again where it could not be made behind the cancel of the former: what that one says late is no answer', async () => {
    const bot = await world.hire('webhook', { kind: 'never' })
    await forget('dispatches')
    await world.database.query(
      `CREATE TRIGGER late BEFORE INSERT ON plugin_lark_run_event FOR EACH ROW EXECUTE FUNCTION refuse()`
    )
    const asked = await say(bot, 'will it ever?')
    await world.admin.waitForRuns(bot.expertId, 1)
    await world.database.query(
      `CREATE TRIGGER another BEFORE UPDATE ON plugin_lark_turn FOR EACH ROW
       WHEN (OLD.execution_id IS DISTINCT FROM NEW.execution_id) EXECUTE FUNCTION refuse()`
    )
    await remember('dispatches')
    await overdue()
    await eventually('the former is cancelled', async () => (await statuses(bot))[0] === 'canceled')
    await world.admin.updateExpertScript(bot.expertId, { kind: 'stream', text: 'It did.', deltas: 2 })
    await world.database.query(`DROP TRIGGER late ON plugin_lark_run_event`)
    await world.database.query(`DROP TRIGGER another ON plugin_lark_turn`)
    await world.ended(asked.messageId, 'answered', 'answered')
    expect(await statuses(bot)).toEqual(['canceled', 'success'])
    const answers = (await world.lark.read(asked.chatId)).filter(({ fromBot }) => fromBot)
    expect(answers.map(({ text }) => text)).toEqual([expect.stringContaining('It did.')])
  })

  it('is made again where the process died before the cancel of the former, which is cancelled then', async () => {
    const { bot, asked } = await askedUnheard()
    await remember('events')
    await world.database.query(
      `UPDATE plugin_lark_turn SET attempt = gen_random_uuid() WHERE state = 'running' AND dispatched_at IS NULL`
    )
    await overdue()
    await secondGoesOn(bot)
    await isNoted()
    await say(bot, '/stop', asked.userId)
    await world.ended(asked.messageId, 'dropped', 'stopped')
    expect(await statuses(bot)).toEqual(['canceled', 'canceled'])
  })

  it('sends nothing that Lark would have refused', async () => {
    expect(await world.lark.violations()).toEqual([])
  })
})
