import { ApiFault, SeenMessage, SimCall } from '../../playground/lark-simulator/client'
import { ExpertScript } from '../../playground/xpert-host/client'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const CARDKIT = { scopes: ['cardkit:card:write'] }

const WORDS = Array.from({ length: 60 }, (_, index) => `word ${index}`).join(', ')
const TEXT = `You said: {input}. ${WORDS}. The whole answer.`
const STREAM = { kind: 'stream', text: TEXT, deltas: 40, everyMs: 40 } as const satisfies ExpertScript
/** Still being written when somebody looks, on a machine that is busy, too. */
const SLOWLY: ExpertScript = { ...STREAM, everyMs: 120 }

const FRAMES = { entity: 'cardkit.cardElement.content', card: 'im.message.patch' } as const
type Form = keyof typeof FRAMES

/** What Lark answers to which call, how often. */
const FAILURES: [Form, string, Omit<ApiFault, 'on'>][] = [
  ['card', '230020, the frequency of this chat', { api: 'im.message.patch', code: 230020, times: 2 }],
  ['card', 'a lost answer', { api: 'im.message.patch', drop: 'after', times: 2 }],
  ['card', '230099 with 11310, too many tables', { api: 'im.message.patch', code: 230099, times: 2 }],
  ['card', '230031, too old', { api: 'im.message.patch', code: 230031, times: 1 }],
  ['card', '230011, recalled', { api: 'im.message.patch', code: 230011, times: 1 }],
  ['card', '99991663, a token that is refused', { api: 'im.message.patch', code: 99991663, times: 1 }],
  ['card', 'a rate limit', { api: 'im.message.patch', rateLimited: true, times: 2 }],
  ['card', '502 without a word', { api: 'im.message.patch', status: 502, times: 2 }],
  ['card', '200 with a code', { api: 'im.message.patch', okWithCode: 230099, times: 1 }],
  ['card', '230031 for good', { api: 'im.message.patch', code: 230031, times: -1 }],
  ['card', '99991403, the monthly quota', { api: 'im.message.patch', code: 99991403, times: 1 }],
  [
    'entity',
    '300317, a sequence that did not increase',
    { api: 'cardkit.cardElement.content', code: 300317, times: 2 }
  ],
  ['entity', '200850, streaming has timed out', { api: 'cardkit.cardElement.content', code: 200850, times: 1 }],
  ['entity', '300309, streaming is closed', { api: 'cardkit.cardElement.content', code: 300309, times: 1 }],
  ['entity', 'a lost answer', { api: 'cardkit.cardElement.content', drop: 'after', times: 2 }],
  ['entity', '99991663, a token that is refused', { api: 'cardkit.cardElement.content', code: 99991663, times: 1 }],
  ['entity', '99991403, the monthly quota', { api: 'cardkit.cardElement.content', code: 99991403, times: 1 }],
  ['entity', '300317 at the end', { api: 'cardkit.card.update', code: 300317, times: 2 }],
  ['entity', 'a lost answer at the end', { api: 'cardkit.card.update', drop: 'after', times: 2 }],
  ['entity', '200750, an entity that has expired', { api: 'cardkit.card.update', code: 200750, times: -1 }]
]

/** The call that Lark answered so. */
const hasFailedBy =
  ({ code, okWithCode }: Omit<ApiFault, 'on'>) =>
  (call: SimCall): boolean =>
    (code ?? okWithCode) === undefined ? call.status !== 200 : call.code === (code ?? okWithCode)

describe('an answer as a person sees it', () => {
  let world: World
  const bots = {} as Record<Form, Bot>

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ callbackDisorder: 9, callbackRepeat: 0.2 })
    bots.entity = await world.hire('webhook', STREAM, CARDKIT)
    bots.card = await world.hire('webhook', STREAM)
  })

  afterAll(() => world.end())

  const ask = async (bot: Bot, text: string) => {
    const { userId } = await world.person()
    return world.lark.say({ userId, appId: bot.app.appId, text })
  }
  const ended = (messageId: string, state = 'answered') =>
    eventually('the outcome is written', async () => (await world.row(messageId))?.state === state, 60_000)
  const answersIn = async (chatId: string): Promise<SeenMessage[]> =>
    (await world.lark.read(chatId)).filter(({ fromBot, recalled }) => fromBot && !recalled)
  const whole = (input: string): string => TEXT.replace('{input}', input)

  it.each<Form>(['entity', 'card'])('grows as it is written, in one %s, and is exact at the end', async (form) => {
    const bot = await world.hire('webhook', SLOWLY, form === 'entity' ? CARDKIT : {})
    const { messageId, chatId } = await ask(bot, 'grow')
    const growing = await world.lark.waitForMessage(chatId, {
      fromBot: true,
      replyTo: messageId,
      textIncludes: 'word 1,'
    })
    await ended(messageId)
    const [answer, ...others] = await answersIn(chatId)

    expect(growing.text).not.toContain('The whole answer')
    expect(others).toEqual([])
    expect(answer).toMatchObject({ messageId: growing.messageId, type: 'interactive', text: whole('grow') })
    expect(answer?.card).toMatchObject({
      streaming: false,
      summary: expect.stringContaining('You said: grow') as string
    })
    const frames = await world.lark.calls({ api: FRAMES[form], appId: bot.app.appId })
    expect(frames.length).toBeGreaterThan(0)
    expect(frames.length).toBeLessThan(40)
    expect(await world.lark.violations()).toEqual([])
  })

  describe('when Lark fails in the middle', () => {
    /** All at once, each with an app of its own. */
    let outcomes: Promise<{ answers: SeenMessage[]; messageId: string; calls: SimCall[] }>[]

    beforeAll(() => {
      outcomes = FAILURES.map(async ([form, what, fault]) => {
        const bot = await world.hire('webhook', SLOWLY, form === 'entity' ? CARDKIT : {})
        await world.lark.addFault({ on: 'api', appId: bot.app.appId, status: 400, ...fault })
        const { messageId, chatId } = await ask(bot, what)
        await ended(messageId)
        const calls = await world.lark.calls({ api: fault.api, appId: bot.app.appId })
        return { answers: await answersIn(chatId), messageId, calls }
      })
    })

    it.each(FAILURES.map(([form, what], index) => [form, what, index] as const))(
      'an answer in a %s is complete in the end, in one message: %s',
      async (_form, what, index) => {
        const { answers, messageId, calls } = await outcomes[index]!
        expect(calls.filter(hasFailedBy(FAILURES[index]![2]))).not.toEqual([])
        expect(answers.map(({ text }) => text)).toEqual([whole(what)])
        expect(answers[0]).toMatchObject({ replyTo: messageId, card: { streaming: false } })
      }
    )

    afterAll(() => world.lark.clearFaults())
  })

  it('stops showing frames once the monthly quota is used up, and keeps the answer', async () => {
    const bot = await world.hire('webhook', SLOWLY, CARDKIT)
    await world.lark.addFault({
      on: 'api',
      appId: bot.app.appId,
      api: FRAMES.entity,
      code: 99991403,
      status: 400,
      times: -1
    })
    const { messageId, chatId } = await ask(bot, 'dear')
    await ended(messageId)
    await world.lark.clearFaults()
    expect(await world.lark.calls({ api: FRAMES.entity, appId: bot.app.appId })).toHaveLength(1)
    expect((await answersIn(chatId)).map(({ text }) => text)).toEqual([whole('dear')])
  })

  it('does without streaming where the app may not, remembers it, and keeps the reply', async () => {
    const bot = await world.hire('webhook', STREAM, CARDKIT)
    await world.lark.addFault({
      on: 'api',
      appId: bot.app.appId,
      api: 'cardkit.card.create',
      code: 99991672,
      status: 400,
      times: -1
    })
    for (const text of ['first', 'second']) {
      const { messageId, chatId } = await ask(bot, text)
      await ended(messageId)
      expect((await answersIn(chatId)).map((answer) => answer.text)).toEqual([whole(text)])
    }
    await world.lark.clearFaults()
    expect(await world.lark.calls({ api: 'cardkit.card.create', appId: bot.app.appId })).toHaveLength(1)
  })

  it('repeats the same reply, and nothing else, until Lark’s answer is definite', async () => {
    await world.lark.addFault({
      on: 'api',
      appId: bots.entity.app.appId,
      api: 'im.message.reply',
      drop: 'after',
      times: 3
    })
    const { messageId, chatId } = await ask(bots.entity, 'are you there?')
    await ended(messageId)
    const calls = await world.lark.calls({ api: 'im.message.reply', appId: bots.entity.app.appId })
    const own = calls.filter(({ path }) => path.includes(messageId)).map(({ body }) => JSON.stringify(body))
    expect(own.length).toBeGreaterThan(1)
    expect(new Set(own).size).toBe(1)
    expect((await answersIn(chatId)).map(({ text }) => text)).toEqual([whole('are you there?')])
  })

  it('goes on in a second card where it is too long for one, and cuts no code', async () => {
    const lines = Array.from({ length: 700 }, (_, index) => `const line${index} = "${'x'.repeat(40)}"`)
    const text = `Before.\n\`\`\`ts\n${lines.join('\n')}\n\`\`\`\nAfter.`
    const bot = await world.hire('webhook', { kind: 'stream', text, deltas: 60, everyMs: 40 }, CARDKIT)
    const { messageId, chatId } = await ask(bot, 'a lot')
    await ended(messageId)
    const parts = (await answersIn(chatId)).map((answer) => answer.text)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.every((part) => (part.match(/```/g) ?? []).length % 2 === 0)).toBe(true)
    expect(parts.join('\n').replaceAll('\n```\n```ts\n', '\n')).toBe(text)
    expect(
      (await answersIn(chatId)).every(({ card, replyTo }) => card?.streaming === false && replyTo === messageId)
    ).toBe(true)
  })

  it.each<Form>(['entity', 'card'])('is whole in several cards of the form %s, asked for again, too', async (form) => {
    const lines = Array.from({ length: 900 }, (_, index) => `line ${index} ${'x'.repeat(40)}`)
    const text = lines.join('\n')
    const scopes = form === 'entity' ? CARDKIT : {}
    const bot = await world.hire('webhook', { kind: 'fail', message: 'no luck', afterText: text }, scopes)
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'a lot' })
    await ended(messageId, 'failed')
    const failed = await answersIn(chatId)
    expect(failed.length).toBeGreaterThan(1)

    await world.admin.updateExpertScript(bot.expertId, { kind: 'stream', text, deltas: 60, everyMs: 40 })
    await world.lark.press({ userId, messageId: failed.at(-1)!.messageId, button: 'Try again' })
    await eventually('the click is answered', async () => {
      const rows = await world.database.query<{ reason: string }>(
        `SELECT reason FROM plugin_lark_inbound_event WHERE event_type = 'card.action.trigger' AND integration_id = '${bot.integrationId}'
         AND state = 'answered'`
      )
      return rows.length === 1
    })
    expect((await answersIn(chatId)).map((answer) => answer.text).join('\n')).toBe(text)
  })

  it.each([230011, 230031])(
    'is whole in several cards, each once, where the first one can not be changed any more: two cards, %i',
    async (code) => {
      const lines = Array.from({ length: 500 }, (_, index) => `line ${index} ${'x'.repeat(40)}`)
      const text = lines.join('\n')
      const bot = await world.hire('webhook', { kind: 'stream', text, deltas: 60, everyMs: 120 })
      const { appId } = bot.app
      const { messageId, chatId } = await ask(bot, 'a lot')
      const first = await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId })
      await world.lark.addFault({ on: 'api', appId, api: 'im.message.patch', code, status: 400, times: -1 })
      await ended(messageId)
      await world.lark.clearFaults()
      const parts = (await answersIn(chatId)).filter((answer) => answer.messageId !== first.messageId)
      expect(parts.length).toBeGreaterThan(1)
      expect(parts.map((part) => part.text).join('\n')).toBe(text)
      expect(parts.every(({ card, replyTo }) => card?.streaming === false && replyTo === messageId)).toBe(true)
    }
  )

  it('stays in its topic, and goes to the chat where the person’s message is gone', async () => {
    const { userId } = await world.person()
    const { appId } = bots.card.app
    const topics = await world.lark.createGroup({ name: 'Topics', mode: 'topic', userIds: [userId], appIds: [appId] })
    const asked = await world.lark.say({ userId, chatId: topics.chatId, text: '@Ada in here', newTopic: true })
    await ended(asked.messageId)
    const [question, answer] = await world.lark.read(topics.chatId)
    expect(answer).toMatchObject({ replyTo: asked.messageId, threadId: question?.threadId })

    await world.lark.addFault({ on: 'api', api: 'im.message.reply', appId, code: 230011, status: 400, times: -1 })
    const gone = await ask(bots.card, 'never mind')
    await ended(gone.messageId)
    await world.lark.clearFaults()
    const answers = await answersIn(gone.chatId)
    expect(answers.map(({ text, replyTo }) => [text, replyTo])).toEqual([[whole('never mind'), undefined]])
  })

  it.each([
    [230011, 'in reply to the topic’s first message'],
    [230071, 'as the same reply']
  ])('stays in its topic where Lark refuses the reply with %i: %s', async (code) => {
    const bot = await world.hire('webhook', { kind: 'stream', text: 'Yes.' })
    const { appId } = bot.app
    const { userId } = await world.person()
    const topics = await world.lark.createGroup({ name: 'Topics', mode: 'topic', userIds: [userId], appIds: [appId] })
    const root = await world.lark.say({ userId, chatId: topics.chatId, text: 'the build is broken', newTopic: true })
    await world.lark.addFault({ on: 'api', api: 'im.message.reply', appId, code, status: 400, times: 1 })
    const asked = await world.lark.say({ userId, chatId: topics.chatId, text: '@Ada why?', replyTo: root.messageId })
    await ended(asked.messageId)

    const [question, , answer] = await world.lark.read(topics.chatId)
    expect(answer).toMatchObject({ text: 'Yes.', threadId: question?.threadId })
    expect(answer?.replyTo).toBe(code === 230011 ? root.messageId : asked.messageId)
    expect(await world.lark.calls({ appId, api: 'im.message.create' })).toEqual([])
    const calls = await world.lark.calls({ appId, api: 'im.message.reply' })
    expect(calls.map(({ body }) => (body as { reply_in_thread?: boolean }).reply_in_thread ?? false)).toEqual([
      true,
      code === 230011
    ])
  })

  it('pings nobody, whatever the model was talked into', async () => {
    const bot = await world.hire(
      'webhook',
      { kind: 'stream', text: 'Hi <at id=all></at> and <at user_id="all">x</at>!' },
      CARDKIT
    )
    const { messageId, chatId } = await ask(bot, 'ping')
    await ended(messageId)
    const [answer] = await answersIn(chatId)
    expect(JSON.stringify(answer)).not.toMatch(/<\/?at/i)
    expect(answer?.text).toContain('all')
  })

  it('is a card that grows, whatever its links lead to', async () => {
    const text =
      'See [a](file:///srv/a.txt), [b](./b.md "t"), [c](#c), [d [1]](data:,x), [e@f.g](mailto:e@f.g) and `h[i](j)`'
    const bot = await world.hire('webhook', { kind: 'stream', text, deltas: 20, everyMs: 40 }, CARDKIT)
    const { messageId, chatId } = await ask(bot, 'links')
    await ended(messageId)
    const [answer, ...others] = await answersIn(chatId)
    expect(answer).toMatchObject({
      type: 'interactive',
      text: 'See a (file:///srv/a.txt), b (./b.md), c, d [1] (data:,x), e@f.g and `h[i](j)`'
    })
    expect(others).toEqual([])
    expect((await world.lark.violations()).filter((line) => line.includes(bot.app.appId))).toEqual([])
  })

  it.each([200621, 123456])(
    'stays one card where Lark refuses its last state with %i: a plainer one is shown',
    async (code) => {
      const { appId } = bots.entity.app
      const since = (await world.lark.clock()).now
      await world.lark.addFault({ on: 'api', appId, api: 'cardkit.card.update', code, status: 400, times: 1 })
      const { messageId, chatId } = await ask(bots.entity, 'plain')
      await ended(messageId)
      const answers = (await world.lark.read(chatId)).filter(({ fromBot }) => fromBot)
      expect(answers).toMatchObject([{ type: 'interactive', text: whole('plain'), recalled: false }])
      expect(await world.lark.calls({ api: 'cardkit.card.update', appId, since })).toHaveLength(2)
    }
  )

  it('is the same card once more where Lark does not know it yet', async () => {
    const { appId } = bots.entity.app
    const since = (await world.lark.clock()).now
    const msg = 'Failed to create card content, ext=ErrCode: 11310; ErrMsg: cardid is invalid; ErrorValue: ; '
    await world.lark.addFault({ on: 'api', appId, api: 'im.message.reply', code: 230099, msg, status: 400, times: 1 })
    const { messageId, chatId } = await ask(bots.entity, 'fresh')
    await ended(messageId)
    expect((await answersIn(chatId)).map((answer) => answer.text)).toEqual([whole('fresh')])
    expect(await world.lark.calls({ api: 'cardkit.card.create', appId, since })).toHaveLength(1)
    const replies = await world.lark.calls({ api: 'im.message.reply', appId, since })
    expect(replies).toHaveLength(2)
    expect(replies[1]?.body).toEqual(replies[0]?.body)
  })

  it('streams again after one card that Lark could not make', async () => {
    const bot = await world.hire('webhook', STREAM, CARDKIT)
    const { appId } = bot.app
    const api = 'cardkit.card.create'
    await world.lark.addFault({ on: 'api', appId, api, code: 200220, status: 400, times: 2 })
    for (const text of ['first', 'second']) {
      const { messageId, chatId } = await ask(bot, text)
      await ended(messageId)
      expect((await answersIn(chatId)).map((answer) => answer.text)).toEqual([whole(text)])
    }
    expect(await world.lark.calls({ api, appId })).toHaveLength(3)
  })

  it('is one card where its card can not be changed, and Lark says nothing at first of the one that replaces it', async () => {
    const { appId } = bots.card.app
    const { messageId, chatId } = await ask(bots.card, 'once')
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'word 1' })
    await world.lark.addFault({ on: 'api', appId, api: 'im.message.patch', code: 230031, status: 400, times: -1 })
    await world.lark.addFault({ on: 'api', appId, api: 'im.message.reply', drop: 'after', times: 7 })
    await ended(messageId)
    await world.lark.clearFaults()
    expect((await answersIn(chatId)).map((answer) => answer.text)).toEqual([whole('once')])
  })

  it('is never sent twice where Lark says nothing for an hour', async () => {
    const { appId } = bots.card.app
    await world.lark.addFault({ on: 'api', appId, api: 'im.message.reply', drop: 'after', times: -1 })
    const { messageId, chatId } = await ask(bots.card, 'hello?')
    await world.lark.waitForCall({ api: 'im.message.reply', appId, count: 1 })
    await eventually('the run has ended', async () => {
      const [row] = await world.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM plugin_lark_reply WHERE sending_since IS NOT NULL`
      )
      return row?.n === 1
    })
    await Promise.all([
      world.lark.changeClock({ advanceMs: 3_601_000 }),
      world.host.changeClock({ advanceMs: 3_601_000 })
    ])
    await ended(messageId, 'failed')
    await world.lark.clearFaults()
    expect(await world.row(messageId)).toMatchObject({ reason: 'delivery_unknown' })
    expect(await answersIn(chatId)).toHaveLength(1)
  })
})
