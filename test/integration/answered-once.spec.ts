import { DataSource } from 'typeorm'
import { InboxRepository, RecallRepository, ReopenedRows } from '../../src/inbox'
import { createTestDatabase, TestDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { runEndedAnHourAgo } from '../support/hour-ago'
import { inboundEvent } from '../support/inbound-event'
import { openPluginTables } from '../support/plugin-tables'
import { Bot, World } from '../support/world'

describe('a failed message that two ask for again', () => {
  let world: World
  let bot: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
    await world.startHost({ instance: 'second' })
    bot = await world.hire('webhook', { kind: 'fail', message: 'the model is gone' })
  })

  afterAll(() => world.end())

  const failed = async (text: string) => {
    await world.admin.updateExpertScript(bot.expertId, { kind: 'fail', message: 'the model is gone' })
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text })
    const row = await eventually('it failed', async () => {
      const found = await world.row(messageId)
      return found?.state === 'failed' ? found : null
    })
    const card = await world.lark.waitForMessage(chatId, { fromBot: true, final: true })
    const again = () => world.lark.press({ userId, messageId: card.messageId, button: 'Try again' })
    const fromTab = async () =>
      (
        await world.admin.viewAction(bot.integrationId, 'lark_integration__messages', 'answer_again', {
          targetId: row.id
        })
      ).body as { success: boolean; message: { en_US: string } }
    return { messageId, chatId, row, again, fromTab }
  }
  const states = async (messageId: string) => (await world.rows(messageId)).map(({ state }) => state).sort()
  const answers = async (chatId: string) =>
    (await world.lark.read(chatId)).filter(({ fromBot, recalled }) => fromBot && !recalled)

  it('leaves a line in the log about its run, without the sentence', async () => {
    const { row } = await failed('hello')
    const lines = await eventually('it is logged', async () => {
      const found = world.everyHost.flatMap(({ logs }) => logs).filter((line) => line.includes(row.turn_id!))
      return found.some((line) => line.includes('a question ended as failed')) ? found : null
    })
    expect(lines.join('\n')).toMatch(/execution=\S+/)
    expect(lines.join('\n')).not.toContain('the model is gone')
  })

  it('is being answered, also in the tab, once its person has asked', async () => {
    const { messageId, chatId, again, fromTab } = await failed('first')
    await world.admin.updateExpertScript(bot.expertId, { kind: 'stream', text: 'w '.repeat(60), everyMs: 50 })
    expect((await again()).toast?.type).toBe('success')
    await eventually('its row follows', async () => (await states(messageId)).join() === 'attached')
    expect(await fromTab()).toMatchObject({
      success: false,
      message: { en_US: 'Only a failed message can be answered again.' }
    })
    await eventually('its row is answered', async () => (await states(messageId)).join() === 'answered', 20_000)
    expect(await fromTab()).toMatchObject({ success: false })
    expect(await answers(chatId)).toHaveLength(1)
  })

  it('is not asked again by its person once an admin has', async () => {
    const { messageId, chatId, again, fromTab } = await failed('second')
    await world.admin.updateExpertScript(bot.expertId, { kind: 'stream', text: 'Here: {input}', deltas: 1, everyMs: 5 })
    expect(await fromTab()).toMatchObject({ success: true })
    const { toast } = await again()
    expect(toast).toMatchObject({ type: 'info', content: 'The message is being answered again already.' })
    await eventually('it is answered', async () => (await states(messageId)).join() === 'answered,failed', 20_000)
    expect((await again()).toast?.type).toBe('info')
    const count = async () => (await answers(chatId)).filter(({ text }) => text.includes('Here: second')).length
    expect(await count()).toBe(1)
  })

  it('is answered once when both ask at the same moment', async () => {
    for (const text of ['one', 'two', 'three']) {
      const { messageId, chatId, again, fromTab } = await failed(text)
      const script = { kind: 'stream', text: 'Here: {input}', deltas: 1, everyMs: 5 } as const
      await world.admin.updateExpertScript(bot.expertId, script)
      await Promise.all([again(), fromTab()])
      await eventually('nothing is open', async () => {
        const open = await world.database.query(
          `SELECT 1 FROM plugin_lark_inbound_event WHERE ended_at IS NULL AND integration_id = $1`,
          [bot.integrationId]
        )
        return (await states(messageId)).includes('answered') && open.length === 0
      })
      const shown = (await answers(chatId)).filter((answer) => answer.text.includes(`Here: ${text}`))
      expect(shown).toHaveLength(1)
    }
  })

  it('has one whole answer where an admin asked while Lark did not say whether the first one arrived', async () => {
    await world.database.query(`
      CREATE FUNCTION not_yet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.deadline = now() + interval '1 hour'; RETURN NEW; END $$;
      CREATE TRIGGER not_yet BEFORE UPDATE ON plugin_lark_turn FOR EACH ROW
        WHEN (NEW.close_due AND OLD.state = 'running') EXECUTE FUNCTION not_yet()`)
    const words = Array.from({ length: 40 }, (_, index) => `word ${index}`).join(' ')
    await world.admin.updateExpertScript(bot.expertId, { kind: 'stream', text: words, everyMs: 40 })
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'and then?' })
    const first = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'word 1' })
    await world.lark.addFault({ on: 'api', api: 'im.message.patch', drop: 'before', times: -1 })
    await runEndedAnHourAgo(world, bot.integrationId)
    await world.ended(messageId, 'failed', 'delivery_unknown')
    const targetId = (await world.row(messageId))!.id
    await world.admin.viewAction(bot.integrationId, 'lark_integration__messages', 'answer_again', { targetId })
    await world.lark.clearFaults()
    await world.database.query(`UPDATE plugin_lark_turn SET deadline = NULL WHERE close_due`)
    await eventually('it is answered', async () => (await states(messageId)).join() === 'answered,failed', 60_000)
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'answered again' })
    const shown = await answers(chatId)
    expect(shown.find((answer) => answer.messageId === first.messageId)?.card?.buttons).toEqual([])
    expect(shown.filter(({ text }) => text.includes(words))).toHaveLength(1)
  }, 180_000)

  it('sends nothing that Lark would have refused', async () => {
    expect(await world.lark.violations()).toEqual([])
  })
})

describe('two instances at the same row', () => {
  const NOW = new Date('2026-03-01T10:00:00Z')
  let database: TestDatabase
  let one: DataSource
  let other: DataSource

  beforeAll(async () => {
    database = await createTestDatabase()
    one = await openPluginTables(database.url)
    other = await openPluginTables(database.url)
  })

  afterAll(async () => {
    await Promise.all([one.destroy(), other.destroy()])
    await database.drop()
  })

  const turnId = '00000000-0000-4000-8000-000000000001'
  const failedRow = async (messageId: string): Promise<string> => {
    const inbox = new InboxRepository(one)
    await inbox.insert(inboundEvent(messageId), NOW)
    const [claim] = await inbox.claim(1)
    await one.transaction((manager) => inbox.attach(manager, claim!, turnId))
    await one.transaction((manager) => inbox.endTurn(manager, turnId, 'failed', 'run_failed', NOW))
    return claim!.id
  }
  const blocked = () =>
    eventually('the other one waits', async () => {
      const rows = await database.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      )
      return rows.length > 0
    })

  it('repeat nothing that was opened again a moment before', async () => {
    const id = await failedRow('om_1')
    const rows = new ReopenedRows(one)
    let repetition: Promise<string> | undefined
    await one.transaction(async (manager) => {
      expect(await rows.isRepeated(turnId, manager)).toBe(false)
      await rows.attachAgain(manager, turnId)
      repetition = new InboxRepository(other).repeat('integration', id, NOW)
      await blocked()
    })
    expect(await repetition).toBe('not_failed')
  })

  it('drop the repetition that was made a moment before the recall', async () => {
    await database.query(`DELETE FROM plugin_lark_inbound_event`)
    const id = await failedRow('om_2')
    const inbox = new InboxRepository(one)
    await inbox.insert(inboundEvent('recall', { dedupKey: 'event:recall' }), NOW)
    const [recall] = await inbox.claim(1)
    const held = one.createQueryRunner()
    await held.startTransaction()
    await held.query(`SELECT 1 FROM plugin_lark_inbound_event WHERE id = $1 FOR UPDATE`, [id])
    const repetition = inbox.repeat('integration', id, NOW)
    await blocked()
    const dropped = new RecallRepository(other).drop(recall!, 'om_2', NOW)
    await eventually('both wait', async () => {
      const rows = await database.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      )
      return rows.length === 2
    })
    await held.commitTransaction()
    await held.release()
    expect(await repetition).toBe('accepted')
    expect((await dropped).map(({ state }) => state).sort()).toEqual(['dropped', 'failed'])
  })
})
