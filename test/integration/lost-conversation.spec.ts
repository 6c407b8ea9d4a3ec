import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}.', deltas: 2 } as const

/** An admin may delete a conversation in Xpert; the chat in Lark goes on. */
describe('a conversation that the host does not have any more', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ callbackDisorder: 0.5, callbackRepeat: 0.5 })
    await world.startHost({ callbackDisorder: 0.5, callbackRepeat: 0.5 })
  })

  afterAll(() => world.end())

  const say = async (bot: Bot, text: string, userId?: string) => {
    const by = userId ?? (await world.person()).userId
    return { userId: by, ...(await world.lark.say({ userId: by, appId: bot.app.appId, text })) }
  }
  const ended = (messageId: string, state: string, reason: string) => world.ended(messageId, state, reason)
  const answersOf = async ({ chatId, messageId }: { chatId: string; messageId: string }) =>
    (await world.lark.read(chatId)).filter(({ fromBot, replyTo }) => fromBot && replyTo === messageId)
  const conversationOf = async (chatId: string) => {
    const [session] = await world.database.query<{ conversation_id: string | null }>(
      `SELECT conversation_id FROM plugin_lark_session WHERE chat_id = $1 AND closed_at IS NULL`,
      [chatId]
    )
    return session?.conversation_id
  }
  /** A chat whose first message was answered. */
  const begun = async () => {
    const bot = await world.hire('webhook', ANSWER)
    const first = await say(bot, 'one')
    await ended(first.messageId, 'answered', 'answered')
    return { bot, first, conversationId: (await conversationOf(first.chatId))! }
  }
  const runsOf = async (bot: Bot) => (await world.admin.runs(bot.expertId)).map(({ input, status }) => [input, status])

  it.each<[string, (conversationId: string) => Promise<unknown>]>([
    ['was deleted', (id) => world.admin.deleteConversation(id)],
    ['is nobody’s', (id) => world.database.query(`UPDATE chat_conversation SET "xpertId" = NULL WHERE id = $1`, [id])],
    [
      'is another user’s',
      (id) => world.database.query(`UPDATE chat_conversation SET "createdById" = gen_random_uuid() WHERE id = $1`, [id])
    ]
  ])('answers the next message once, in a new one: it %s', async (_, lose) => {
    const { bot, first, conversationId } = await begun()
    await lose(conversationId)
    const second = await say(bot, 'two', first.userId)
    await ended(second.messageId, 'answered', 'answered')
    expect((await answersOf(second)).map(({ text }) => text)).toEqual([expect.stringContaining('You said: two.')])
    const anew = await conversationOf(first.chatId)
    expect(anew).not.toBe(conversationId)
    const third = await say(bot, 'three', first.userId)
    await ended(third.messageId, 'answered', 'answered')
    expect(await conversationOf(first.chatId)).toBe(anew)
    expect(await runsOf(bot)).toEqual([
      ['one', 'success'],
      ['two', 'success'],
      ['three', 'success']
    ])
  })
  it.each([
    ['before its first word', { kind: 'fail', message: 'the model is gone' }],
    ['after a word', { kind: 'fail', message: 'the model is gone', afterText: 'Well, ' }]
  ] as const)('is not given up because a run failed %s', async (_, script) => {
    const { bot, first, conversationId } = await begun()
    await world.admin.updateExpertScript(bot.expertId, script)
    for (const text of ['two', 'three', 'four']) {
      const said = await say(bot, text, first.userId)
      await ended(said.messageId, 'failed', 'run_failed')
      expect(await answersOf(said)).toHaveLength(1)
    }
    expect(await conversationOf(first.chatId)).toBe(conversationId)
    await world.admin.updateExpertScript(bot.expertId, ANSWER)
    const last = await say(bot, 'five', first.userId)
    await ended(last.messageId, 'answered', 'answered')
    expect(new Set((await world.admin.runs(bot.expertId)).map((run) => run.conversationId))).toEqual(
      new Set([conversationId])
    )
  })

  it('is told of where a decision can not be carried out any more; the next message begins a new one', async () => {
    const bot = await world.hire('webhook', {
      kind: 'interrupt',
      tool: 'send_mail',
      args: { to: 'Mei' },
      shape: 'middleware',
      approvedText: 'The mail is sent.',
      rejectedText: 'The mail was not sent.'
    })
    const asking = await say(bot, 'write to Mei')
    const asked = await world.lark.waitForMessage(asking.chatId, { fromBot: true, textIncludes: 'send_mail' })
    const conversationId = await eventually('it is known', () => conversationOf(asking.chatId))
    await world.admin.deleteConversation(conversationId)
    await world.lark.press({ userId: asking.userId, messageId: asked.messageId, button: 'Confirm' })
    await ended(asking.messageId, 'failed', 'conversation_gone')
    const [told, ...others] = await answersOf(asking)
    expect(told!.text).toContain('Your next message begins a new one.')
    expect(others).toEqual([])
    await world.admin.updateExpertScript(bot.expertId, ANSWER)
    const next = await say(bot, 'and now?', asking.userId)
    await ended(next.messageId, 'answered', 'answered')
    expect(await conversationOf(asking.chatId)).not.toBe(conversationId)
  })

  it('is no reason that the next one misses what was said before: its first run fails, and it is told once more', async () => {
    const trigger = { captureUnmentionedGroupMessages: true, historyMessages: 10 }
    const bot = await world.hire('webhook', ANSWER, { scopes: ['im:message.group_msg'], trigger })
    const { userId } = await world.person('Ann')
    const { chatId } = await world.lark.createGroup({ name: 'Team', userIds: [userId], appIds: [bot.app.appId] })
    const write = async (text: string) => (await world.lark.say({ userId, chatId, text })).messageId
    const overheard = await write('the release is on Friday')
    await world.lark.waitForDelivery({ appId: bot.app.appId, messageId: overheard, ok: true })
    await ended(await write('@Ada one'), 'answered', 'answered')
    await world.admin.deleteConversation((await conversationOf(chatId))!)
    await world.admin.updateExpertScript(bot.expertId, { kind: 'fail', message: 'the model is gone' })
    await ended(await write('@Ada two'), 'failed', 'run_failed')
    await world.admin.updateExpertScript(bot.expertId, ANSWER)
    await ended(await write('@Ada three'), 'answered', 'answered')
    const runs = await world.admin.runs(bot.expertId)
    expect(runs.map(({ input }) => input.includes('on Friday'))).toEqual([true, true, true])
    expect(runs[2]!.conversationId).toBe(runs[1]!.conversationId)
  })
})
