import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const PEOPLE = 6
const QUESTIONS = 4
const TEXT = 'One two three four five six seven eight nine ten eleven twelve thirteen fourteen. You said: {input}.'

describe('two instances, with events out of order and repeated', () => {
  let world: World
  let bot: Bot

  beforeAll(async () => {
    world = await World.create()
    const trouble = { callbackDisorder: 9, callbackRepeat: 0.3 }
    await world.startHost({ instance: 'first', ...trouble })
    bot = await world.hire('long_connection', { kind: 'stream', text: TEXT, deltas: 30, everyMs: 5 })
    await world.startHost({ instance: 'second', ...trouble })
  })

  afterAll(() => world.end())

  it('answer every message once, whole, and in the order of its chat', async () => {
    const people = await Promise.all(Array.from({ length: PEOPLE }, (_, index) => world.person(`Person ${index}`)))
    const asked = await Promise.all(
      people.map(async ({ userId }, person) => {
        const said = []
        for (let question = 0; question < QUESTIONS; question++) {
          said.push(await world.lark.say({ userId, appId: bot.app.appId, text: `question ${question} of ${person}` }))
        }
        return said
      })
    )
    await eventually(
      'every message has its outcome',
      async () => {
        const [row] = await world.database.query<{ open: number }>(
          `SELECT count(*)::int AS open FROM plugin_lark_inbound_event WHERE state <> 'answered'`
        )
        const [all] = await world.database.query<{ all: number }>(
          'SELECT count(*)::int AS all FROM plugin_lark_inbound_event'
        )
        return row?.open === 0 && all?.all === PEOPLE * QUESTIONS
      },
      60_000
    )

    for (const [person, said] of asked.entries()) {
      const answers = (await world.lark.read(said[0]!.chatId)).filter(({ fromBot }) => fromBot)
      expect(answers.map(({ text }) => text)).toEqual(
        said.map((_, question) => TEXT.replace('{input}', `question ${question} of ${person}`))
      )
      expect(answers.map(({ replyTo }) => replyTo)).toEqual(said.map(({ messageId }) => messageId))
    }
    const runs = await world.admin.runs(bot.expertId)
    // A host that was too busy to say that it lives begins a run anew.
    expect(new Set(runs.map(({ id }) => id)).size).toBe(PEOPLE * QUESTIONS)
    expect(new Set(runs.map(({ instance }) => instance)).size).toBe(2)
    expect(await world.lark.violations()).toEqual([])
  }, 120_000)

  it('keep one long connection between them, and hand it over', async () => {
    expect(await world.lark.connections(bot.app.appId)).toHaveLength(1)
    await world.host.stop()
    await world.lark.waitForConnections(bot.app.appId, 1, 40_000)
  })
})
