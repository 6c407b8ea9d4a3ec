import { Client } from 'pg'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 4 } as const

describe('the life of an accepted event', () => {
  let world: World
  let bot: Bot

  beforeEach(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
    bot = await world.hire('webhook', ANSWER)
  })

  afterEach(() => world.end())

  const lockBindings = async (): Promise<Client> => {
    const lock = new Client({ connectionString: world.database.url })
    await lock.connect()
    await lock.query('BEGIN; LOCK TABLE plugin_lark_binding IN ACCESS EXCLUSIVE MODE')
    return lock
  }

  it('is given back by a clean stop, so that another instance answers it at once', async () => {
    const lock = await lockBindings()
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'before the stop' })
    await eventually('the row is claimed', async () => (await world.row(messageId))?.state === 'claimed')

    const { host } = world
    await host.stop()
    const [row] = await world.database.query<{ state: string; attempts: number; claim_token: string | null }>(
      'SELECT state, attempts, claim_token FROM plugin_lark_inbound_event WHERE message_id = $1',
      [messageId]
    )
    expect(row).toEqual({ state: 'received', attempts: 0, claim_token: null })

    await lock.query('ROLLBACK')
    await lock.end()
    await world.startHost({ instance: 'second' })
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
    expect((await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(1)
  })

  it('has the time of a republish, however long it waited in its lane before', async () => {
    await world.admin.unpublish(bot.expertId)
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'in between' })
    const looks = async (): Promise<Date | undefined> => {
      const [row] = await world.database.query<{ available_at: Date }>(
        `SELECT available_at FROM plugin_lark_inbound_event WHERE message_id = $1 AND state = 'received'`,
        [messageId]
      )
      return row?.available_at
    }
    await eventually('it was looked at', async () => ((await looks()) ?? 0) > new Date())
    await world.database.query(
      `UPDATE plugin_lark_inbound_event SET received_at = received_at - interval '1 minute' WHERE message_id = $1`,
      [messageId]
    )
    const before = await looks()
    await eventually(
      'it was looked at again, or has ended',
      async () => (await looks())?.getTime() !== before?.getTime()
    )

    const trigger = { provider: 'lark', config: { integrationId: bot.integrationId } }
    expect((await world.admin.publish(bot.expertId, trigger)).status).toBeLessThan(300)
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
  })

  const useUpAttempts = (messageIds: readonly string[]): Promise<unknown> =>
    eventually(
      'the attempts are used up',
      async () => {
        await world.database.query(`UPDATE plugin_lark_inbound_event SET available_at = now() WHERE state = 'received'`)
        const rows = await Promise.all(messageIds.map((messageId) => world.row(messageId)))
        return rows.every((row) => row?.state === 'failed')
      },
      40_000
    )

  it('ends after the last attempt with one sentence to the person, and the lane goes on', async () => {
    await world.database.query('ALTER TABLE plugin_lark_session RENAME TO elsewhere')
    const { userId } = await world.person()
    const lost = await world.lark.say({ userId, appId: bot.app.appId, text: 'nobody can store this' })
    await useUpAttempts([lost.messageId])
    await world.database.query('ALTER TABLE elsewhere RENAME TO plugin_lark_session')

    const notice = await world.lark.waitForMessage(lost.chatId, { fromBot: true, replyTo: lost.messageId })
    expect(notice.text).toContain('could not be answered')
    expect(await world.row(lost.messageId)).toMatchObject({ reason: 'attempts_exhausted' })
    expect((await world.row(lost.messageId))?.payload).toContain(lost.messageId)

    const next = await world.lark.say({ userId, appId: bot.app.appId, text: 'and this?' })
    await world.lark.waitForMessage(lost.chatId, { fromBot: true, replyTo: next.messageId, textIncludes: 'whole' })
    expect((await world.lark.read(lost.chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(2)
  })

  it('ends without a word where people talk to each other, and not where the bot was spoken to', async () => {
    await world.lark.updateApp(bot.app.appId, { scopes: [...bot.app.scopes, 'im:message.group_msg'] })
    const { userId } = await world.person()
    const group = () => world.lark.createGroup({ name: 'Team', userIds: [userId], appIds: [bot.app.appId] })
    const [among, asking] = [await group(), await group()]
    const botMessages = async (chatId: string) => (await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)
    await world.database.query('ALTER TABLE plugin_lark_binding RENAME TO elsewhere')
    const lost = [
      await world.lark.say({ userId, chatId: among.chatId, text: 'lunch, anybody?' }),
      await world.lark.say({ userId, chatId: asking.chatId, text: '@Ada what is for lunch?' }),
      await world.lark.say({ userId, appId: bot.app.appId, text: 'and where?' })
    ]
    await useUpAttempts(lost.map(({ messageId }) => messageId))
    await world.database.query('ALTER TABLE elsewhere RENAME TO plugin_lark_binding')

    for (const { chatId, messageId } of lost.slice(1)) {
      await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'be answered' })
      expect(await botMessages(chatId)).toHaveLength(1)
    }
    expect(await botMessages(among.chatId)).toEqual([])
  })
})
