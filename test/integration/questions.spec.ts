import { SeenMessage } from '../../playground/lark-simulator/client'
import { ExpertScript } from '../../playground/xpert-host/client'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const asking = (args: Record<string, unknown>, beforeText?: string): Extract<ExpertScript, { kind: 'interrupt' }> => ({
  kind: 'interrupt',
  tool: 'send_mail',
  args,
  ...(beforeText === undefined ? {} : { beforeText }),
  shape: 'middleware',
  approvedText: 'The mail is sent.',
  rejectedText: 'The mail was not sent.'
})

describe('what a run asks a person', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
    await world.startHost({ instance: 'second' })
  })

  afterAll(() => world.end())

  const state = (messageId: string, wanted: string) =>
    eventually(`the row is ${wanted}`, async () => (await world.row(messageId))?.state === wanted, 40_000)
  const buttonsOf = (message: SeenMessage): string[] => message.card?.buttons.map(({ text }) => text) ?? []
  const question = async (chatId: string): Promise<SeenMessage> => {
    const asked = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'send_mail' }, 40_000)
    await eventually('the turn waits', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_turn WHERE state = 'approval'
           AND session_id IN (SELECT id FROM plugin_lark_session WHERE chat_id = $1)`,
        [chatId]
      )
      return rows.length > 0
    })
    return asked
  }
  const askedBy = async (script: ExpertScript, trigger: Record<string, unknown> = {}) => {
    const bot = await world.hire('webhook', script, { scopes: ['cardkit:card:write'], trigger })
    const { userId } = await world.person()
    const said = await world.lark.say({ userId, appId: bot.app.appId, text: 'write to Mei' })
    return { bot, userId, ...said, asked: await question(said.chatId) }
  }

  it('is shown to its last character, on a card of its own where the text before it is long', async () => {
    const before = 'I have written the mail. '.repeat(500)
    const { userId, messageId, chatId, asked } = await askedBy(
      asking({ text: `${'x'.repeat(18_000)} the end`, to: 'a\u202eb' }, before)
    )
    expect(asked.text).toContain('the end')
    expect(asked.text).toContain('a\\u202eb')
    expect(buttonsOf(asked)).toEqual(['Confirm', 'Reject'])

    await world.lark.press({ userId, messageId: asked.messageId, button: 'Confirm' })
    await state(messageId, 'answered')
    const answers = (await world.lark.read(chatId)).filter(({ fromBot, recalled }) => fromBot && !recalled)
    expect(answers).toHaveLength(1)
    expect(answers[0]!.text).toContain('The mail is sent.')
  })

  it('can only be rejected where a card has no room for all of it', async () => {
    const { userId, messageId, chatId, asked } = await askedBy(asking({ text: 'x'.repeat(40_000), last: 'delete it' }))
    expect(asked.text).toMatch(/\d+ characters are not shown/)
    expect(buttonsOf(asked)).toEqual(['Reject'])

    await world.lark.press({ userId, messageId: asked.messageId, button: 'Reject' })
    await state(messageId, 'answered')
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'The mail was not sent.' })
  })

  const republish = async (bot: Bot, settings: Record<string, unknown>) => {
    const config = { integrationId: bot.integrationId, ...settings }
    expect((await world.admin.publish(bot.expertId, { provider: 'lark', config })).status).toBeLessThan(300)
  }
  const refused = (messageId: string, reason: string) =>
    eventually('the click is refused', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_inbound_event WHERE event_type = 'card.action.trigger' AND message_id = $1
           AND state = 'refused' AND reason = $2`,
        [messageId, reason]
      )
      return rows.length > 0
    })

  it.each([
    ['is switched off', { enabled: false }, 'The Digital Expert that asked does not answer here any more.', 'disabled'],
    [
      'no longer lists who asked',
      { singleChatScope: 'selected_users', singleChatUserOpenIds: ['ou_other'] },
      'I am not available to you here. Ask your administrator.',
      'click_not_allowed'
    ],
    ['has approvers by now', { approverOpenIds: ['ou_boss'] }, /approver/, 'click_not_allowed']
  ] as const)('is confirmed by nobody while the trigger %s', async (_, settings, toast, reason) => {
    const { bot, userId, messageId, asked } = await askedBy(asking({ text: 'hello' }))
    await republish(bot, settings)
    const pressed = await world.lark.press({ userId, messageId: asked.messageId, button: 'Confirm' })
    expect(pressed.toast).toMatchObject({ type: 'warning', content: expect.stringMatching(toast) })
    await refused(asked.messageId, reason)
    expect((await world.admin.runs(bot.expertId)).length).toBe(1)

    await republish(bot, {})
    expect((await world.lark.press({ userId, messageId: asked.messageId, button: 'Confirm' })).toast?.type).toBe(
      'success'
    )
    await state(messageId, 'answered')
  })

  it('speaks to each in the language of their account, and on the card in that of who asked', async () => {
    const { userId, messageId, chatId, asked } = await askedBy(asking({ text: 'hello' }))
    await eventually('the person is recorded', async () => {
      const rows = await world.database.query(
        `UPDATE plugin_lark_user SET language = 'zh-Hans' WHERE open_id = (
           SELECT sender_id FROM plugin_lark_inbound_event WHERE message_id = $1 AND sender_id IS NOT NULL LIMIT 1) RETURNING 1`,
        [messageId]
      )
      return rows.flat().length > 0
    })
    await world.advance(61_000)
    const other = await world.person('Bo')
    const foreign = await world.lark.press({ userId: other.userId, messageId: asked.messageId, button: 'Confirm' })
    expect(foreign.toast?.content).toMatch(/^Only /)
    const pressed = await world.lark.press({ userId, messageId: asked.messageId, button: 'Confirm' })
    expect(pressed.toast?.content).toBe('已确认。')
    await state(messageId, 'answered')
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: '确认。' })
  })

  it('names the approvers, and leaves only Reject to who asked in a chat of their own', async () => {
    const { userId, messageId, chatId, asked } = await askedBy(asking({ text: 'hello' }), {
      approverOpenIds: ['ou_boss']
    })
    expect(asked.text).toMatch(/Only an approver may confirm this \(.+\)/)
    expect(buttonsOf(asked)).toEqual(['Reject'])
    await world.lark.press({ userId, messageId: asked.messageId, button: 'Reject' })
    await state(messageId, 'answered')
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'The mail was not sent.' })
  })

  it('is not done once who asked says /stop, and the card says so', async () => {
    const { bot, userId, messageId, chatId, asked } = await askedBy(asking({ text: 'hello' }))
    await world.lark.say({ userId, appId: bot.app.appId, text: '/stop' })
    await state(messageId, 'dropped')
    expect(await world.row(messageId)).toMatchObject({ reason: 'stopped' })
    const closed = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'Stopped.' }, 40_000)
    expect([closed.messageId, buttonsOf(closed)]).toEqual([asked.messageId, []])
    expect((await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(1)
  })

  it('is stopped in a group by who asked, and by an approver, only', async () => {
    const bot = await world.hire('webhook', { kind: 'never' })
    const [ann, bob] = await Promise.all(['Ann', 'Bob'].map((name) => world.person(name)))
    const userIds = [ann!.userId, bob!.userId]
    const { chatId } = await world.lark.createGroup({ name: 'Team', userIds, appIds: [bot.app.appId] })
    const say = (userId: string, text: string) => world.lark.say({ userId, chatId, text: `@Ada ${text}` })
    const first = await say(ann!.userId, 'one')
    await state(first.messageId, 'attached')
    const foreign = await say(bob!.userId, '/stop')
    const told = await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: foreign.messageId })
    expect(told.text).toBe('Only the person who asked, or an approver, may do this.')
    expect(await world.row(first.messageId)).toMatchObject({ state: 'attached' })
    await say(ann!.userId, '/stop')
    await state(first.messageId, 'dropped')

    const second = await say(ann!.userId, 'two')
    await state(second.messageId, 'attached')
    const [{ sender_id: approver }] = await world.database.query<{ sender_id: string }>(
      `SELECT sender_id FROM plugin_lark_inbound_event WHERE message_id = $1`,
      [foreign.messageId]
    )
    await republish(bot, { approverOpenIds: [approver] })
    await say(bob!.userId, '/stop')
    await state(second.messageId, 'dropped')
  })

  it('sends nothing that Lark would have refused', async () => {
    expect(await world.lark.violations()).toEqual([])
  })
})
