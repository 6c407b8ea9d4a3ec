import { SeenMessage } from '../../playground/lark-simulator/client'
import { ExpertScript } from '../../playground/xpert-host/client'
import { eventually } from '../support/eventually'
import { watchInboxMoves, wrongInboxMoves } from '../support/inbox-moves'
import { Bot, World } from '../support/world'

const asking = (shape: 'middleware' | 'tool'): Extract<ExpertScript, { kind: 'interrupt' }> => ({
  kind: 'interrupt',
  tool: 'send_mail',
  args: { to: 'mei@example.com', subject: 'Hello' },
  shape,
  approvedText: 'The mail is sent.',
  rejectedText: 'The mail was not sent.'
})

describe('the buttons of an answer', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
    await world.startHost({ instance: 'second' })
    await watchInboxMoves(world.database)
  })

  afterAll(async () => {
    expect(await wrongInboxMoves(world.database)).toEqual([])
    await world.end()
  })

  const ask = async (bot: Bot, text: string) => {
    const { userId } = await world.person()
    return { userId, ...(await world.lark.say({ userId, appId: bot.app.appId, text })) }
  }
  const answersIn = async (chatId: string): Promise<SeenMessage[]> =>
    (await world.lark.read(chatId)).filter(({ fromBot, recalled }) => fromBot && !recalled)
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

  it.each([
    ['middleware', 'Confirm', 'The mail is sent.', 'cardkit:card:write'],
    ['middleware', 'Reject', 'The mail was not sent.', 'im:message'],
    ['tool', 'Confirm', 'The mail is sent.', 'im:message'],
    ['tool', 'Reject', 'The mail was not sent.', 'cardkit:card:write']
  ] as const)('let a person decide about a %s: %s, once', async (shape, button, text, scope) => {
    const bot = await world.hire('webhook', asking(shape), { scopes: [scope] })
    const { userId, messageId, chatId } = await ask(bot, 'write to Mei')
    const asked = await question(chatId)
    expect(asked.text).toContain('mei@example.com')
    expect(buttonsOf(asked)).toEqual(['Confirm', 'Reject'])

    const other = await world.person('Bo')
    expect((await world.lark.press({ userId: other.userId, messageId: asked.messageId, button })).toast?.type).toBe(
      'warning'
    )
    const pressed = await world.lark.press({ userId, messageId: asked.messageId, button })
    expect(pressed.toast?.type).toBe('success')
    await state(messageId, 'answered')

    const [answer, ...others] = await answersIn(chatId)
    expect(others).toEqual([])
    expect(answer?.messageId).toBe(asked.messageId)
    expect(answer?.text).toContain(text)
    expect(answer?.text).toMatch(/(Confirmed|Rejected) by (?!ou_).+, \d{4}-\d\d-\d\d \d\d:\d\d UTC/)
    expect(buttonsOf(answer!)).toEqual(['New conversation'])
    expect((await world.admin.runs(bot.expertId)).length).toBe(2)
  })

  it.each([[[]], [['cardkit:card:write']]])(
    'say who decided while the run goes on, also where answers do not grow, with the scopes %j',
    async (scopes) => {
      const approvedText = Array.from({ length: 60 }, (_, index) => `w${index}`).join(' ')
      const script = { ...asking('middleware'), beforeText: 'I have written the mail.', approvedText, everyMs: 60 }
      const bot = await world.hire('webhook', script, { scopes, trigger: { streaming: false } })
      const { userId, messageId, chatId } = await ask(bot, 'write to Mei')
      const asked = await question(chatId)
      await world.lark.press({ userId, messageId: asked.messageId, button: 'Confirm' })
      const decided = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'Confirmed by' }, 40_000)
      expect(decided.messageId).toBe(asked.messageId)
      expect(buttonsOf(decided)).toEqual(['Stop'])
      expect(decided.text).toContain('I have written the mail.')
      expect(decided.text).not.toMatch(/w\d/)
      await state(messageId, 'answered')
      const [answer, ...others] = await answersIn(chatId)
      expect(others).toEqual([])
      expect(answer!.text).toMatch(/I have written the mail\.[^]*Confirmed by[^]*w59/)
    }
  )

  it.each([
    [['edit', 'respond'], ['New conversation']],
    [['edit', 'reject'], ['Reject']]
  ])('offer of %j only what the run takes, and a way on', async (allowedDecisions, offered) => {
    const bot = await world.hire('webhook', { ...asking('middleware'), allowedDecisions })
    const person = await ask(bot, 'write to Mei')
    const asked = await question(person.chatId)
    expect(asked.text).toContain('it must be decided in Xpert')
    expect(buttonsOf(asked)).toEqual(offered)
    const { userId, messageId } = person
    const pressed = await world.lark.press({ userId, messageId: asked.messageId, button: offered[0]! })
    expect(pressed.toast?.type).toBe('success')
    if (offered.includes('Reject')) return state(messageId, 'answered')
    await conversationEnded(person, asked)
  })

  it('let only the approvers decide, after a restart too, and forget what the next message overtakes', async () => {
    const bot = await world.hire('webhook', asking('middleware'))
    const { userId, messageId, chatId } = await ask(bot, 'write to Mei')
    const asked = await question(chatId)
    const config = { integrationId: bot.integrationId, approverOpenIds: ['ou_boss'] }
    await world.admin.publish(bot.expertId, { provider: 'lark', config })
    const refused = await world.lark.press({ userId, messageId: asked.messageId, button: 'Confirm' })
    expect(refused.toast?.type).toBe('warning')

    const next = await world.lark.say({ userId, appId: bot.app.appId, text: 'something else' })
    await state(messageId, 'dropped')
    const text = 'You wrote something else, so this was not done.'
    const closed = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: text }, 40_000)
    expect(await world.row(messageId)).toMatchObject({ reason: 'overtaken' })
    expect(closed.messageId).toBe(asked.messageId)
    expect(buttonsOf(closed)).toEqual([])
    expect(next.chatId).toBe(chatId)
  })

  const notDone = async (
    { messageId, chatId }: { messageId: string; chatId: string },
    asked: SeenMessage,
    text: string,
    reason: string
  ) => {
    await state(messageId, 'dropped')
    const closed = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: text }, 40_000)
    expect(closed.messageId).toBe(asked.messageId)
    expect(buttonsOf(closed)).toEqual([])
    expect(await world.row(messageId)).toMatchObject({ reason })
  }
  const nobodyDecided = (person: { messageId: string; chatId: string }, asked: SeenMessage) =>
    notDone(person, asked, 'Nobody decided in time, so this was not done.', 'forgotten')
  const conversationEnded = (person: { messageId: string; chatId: string }, asked: SeenMessage) =>
    notDone(person, asked, 'The conversation was ended, so this was not done.', 'conversation_ended')
  const sessionsOf = (chatId: string) =>
    world.database.query<{ id: string; closed_at: Date | null }>(
      `SELECT id, closed_at FROM plugin_lark_session WHERE chat_id = $1 ORDER BY created_at`,
      [chatId]
    )

  it('ask once and show the text once, too, where storing the question failed after the card had asked', async () => {
    const bot = await world.hire('webhook', { ...asking('middleware'), beforeText: 'I have written the mail.' })
    await world.database.query(`
      CREATE SEQUENCE asked;
      CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF nextval('asked') = 1 THEN RAISE EXCEPTION 'the first question is not stored'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER fail_once BEFORE UPDATE ON plugin_lark_turn FOR EACH ROW WHEN (NEW.state = 'approval')
        EXECUTE FUNCTION fail_once()`)
    const { userId, messageId, chatId } = await ask(bot, 'write to Mei')
    const asked = await question(chatId)
    await world.database.query(`DROP TRIGGER fail_once ON plugin_lark_turn`)
    const timesWritten = async () =>
      (await answersIn(chatId)).map(({ text }) => text.split('I have written').length - 1)
    expect(await timesWritten()).toEqual([1])

    await world.lark.press({ userId, messageId: asked.messageId, button: 'Confirm' })
    await state(messageId, 'answered')
    expect(await timesWritten()).toEqual([1])
    expect((await answersIn(chatId))[0]!.text).toContain('The mail is sent.')
  })

  it('are gone when an admin closes the session of a question', async () => {
    const bot = await world.hire('webhook', asking('tool'))
    const person = await ask(bot, 'write to Mei')
    const asked = await question(person.chatId)
    const [session] = await sessionsOf(person.chatId)
    const closed = await world.admin.viewAction(bot.integrationId, 'lark_integration__sessions', 'new_conversation', {
      targetId: session!.id
    })
    expect(closed.body).toMatchObject({ success: true })
    await conversationEnded(person, asked)
  })

  it('are gone when the next message comes after the session’s timeout', async () => {
    const bot = await world.hire('webhook', asking('tool'), { trigger: { sessionTimeoutSeconds: 60 } })
    const person = await ask(bot, 'write to Mei')
    const asked = await question(person.chatId)
    await world.database.query(
      `UPDATE plugin_lark_session SET last_activity_at = last_activity_at - interval '2 minutes' WHERE chat_id = $1`,
      [person.chatId]
    )
    await world.lark.say({ userId: person.userId, appId: bot.app.appId, text: 'good morning' })
    await conversationEnded(person, asked)
    expect(await sessionsOf(person.chatId)).toHaveLength(2)
  })

  it('are gone when nobody decides for a week', async () => {
    const bot = await world.hire('webhook', asking('middleware'))
    const person = await ask(bot, 'write to Mei')
    const asked = await question(person.chatId)
    await world.database.query(
      `UPDATE plugin_lark_turn SET deadline = deadline - interval '7 days' WHERE state = 'approval'`
    )
    await nobodyDecided(person, asked)
  })

  it('come to their end beside those of an app for which Lark does not answer', async () => {
    const bots = await Promise.all([1, 2].map(() => world.hire('webhook', asking('tool'))))
    const silent = await Promise.all(Array.from({ length: 12 }, () => ask(bots[0]!, 'write to Mei')))
    for (const { chatId } of silent) await question(chatId)
    const person = await ask(bots[1]!, 'write to Mei')
    const asked = await question(person.chatId)
    await world.lark.addFault({ on: 'api', appId: bots[0]!.app.appId, drop: 'before', delayMs: 20_000, times: -1 })
    await world.database.query(
      `UPDATE plugin_lark_turn SET deadline = now() - interval '1 day' WHERE state = 'approval'`
    )
    await nobodyDecided(person, asked)

    await world.lark.clearFaults()
    for (const { messageId } of silent) await state(messageId, 'dropped')
  }, 120_000)

  it('start a new conversation from the card of a former one, too', async () => {
    const bot = await world.hire('webhook', { kind: 'stream', text: 'You said: {input}.' })
    const first = await ask(bot, 'one')
    await state(first.messageId, 'answered')
    const [card] = await answersIn(first.chatId)
    for (const count of [1, 2]) {
      await world.lark.press({ userId: first.userId, messageId: card!.messageId, button: 'New conversation' })
      await eventually('the open session is closed', async () => {
        const sessions = await sessionsOf(first.chatId)
        return sessions.length === count && sessions.every(({ closed_at }) => closed_at !== null)
      })
      const next = await world.lark.say({ userId: first.userId, appId: bot.app.appId, text: `after ${count}` })
      await state(next.messageId, 'answered')
    }
    expect(await sessionsOf(first.chatId)).toHaveLength(3)
  })

  it('stop a run while something else of the chat waits', async () => {
    const bot = await world.hire('webhook', { kind: 'stream', text: 'word '.repeat(2_000), everyMs: 40 })
    const { userId, messageId, chatId } = await ask(bot, 'a long story')
    const growing = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'word' })
    await world.database.query(
      `INSERT INTO plugin_lark_inbound_event (id, received_at, inbox_key, dedup_key, lane, event_type, payload, tenant_id,
         organization_id, integration_id, available_at)
       SELECT gen_random_uuid(), now(), inbox_key, 'message:om_waits', lane, event_type, payload, tenant_id, organization_id,
              integration_id, now() + interval '1 hour' FROM plugin_lark_inbound_event WHERE message_id = $1`,
      [messageId]
    )
    await world.lark.press({ userId, messageId: growing.messageId, button: 'Stop' })
    await state(messageId, 'dropped')
    await world.database.query(`DELETE FROM plugin_lark_inbound_event WHERE dedup_key = 'message:om_waits'`)
  })

  it('stop a run, ask again, and start a new conversation', async () => {
    const bot = await world.hire('webhook', {
      kind: 'stream',
      text: Array.from({ length: 200 }, (_, index) => `w${index}`).join(' '),
      everyMs: 40
    })
    const { userId, messageId, chatId } = await ask(bot, 'a long story')
    const growing = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'w3' })
    expect(buttonsOf(growing)).toEqual(['Stop'])
    const other = await world.person('Bo')
    const foreign = await world.lark.press({ userId: other.userId, messageId: growing.messageId, button: 'Stop' })
    expect(foreign.toast?.type).toBe('warning')
    const pressed = await world.lark.press({ userId, messageId: growing.messageId, button: 'Stop' })
    expect(pressed.toast?.type).toBe('success')
    await state(messageId, 'dropped')
    const [stopped] = await answersIn(chatId)
    expect(stopped?.text).toContain('Stopped.')
    expect(buttonsOf(stopped!)).toEqual(['Try again'])

    const two = await Promise.all([
      world.lark.press({ userId, messageId: growing.messageId, button: 'Try again' }),
      world.lark.press({ userId, messageId: growing.messageId, button: 'Try again' })
    ])
    expect(two.every(({ errorCode }) => errorCode === undefined)).toBe(true)
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'w199' }, 60_000)
    await eventually('its click is answered', async () => {
      const rows = await world.database.query<{ reason: string }>(
        `SELECT reason FROM plugin_lark_inbound_event WHERE event_type = 'card.action.trigger' AND message_id = '${growing.messageId}'
         AND reason = 'answered'`
      )
      return rows.length === 1
    })
    const [answer, ...others] = await answersIn(chatId)
    expect(others).toEqual([])
    expect((await world.admin.runs(bot.expertId)).length).toBe(2)

    await world.lark.press({ userId, messageId: answer!.messageId, button: 'New conversation' })
    await eventually('the session is closed', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_session WHERE chat_id = '${chatId}' AND closed_at IS NOT NULL`
      )
      return rows.length === 1
    })
  })

  it('sends nothing that Lark would have refused', async () => {
    expect(await world.lark.violations()).toEqual([])
  })
})
