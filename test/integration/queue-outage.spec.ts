import { FaultMode } from '../../playground/xpert-host/control/host-faults'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const PEOPLE = 20

/** What becomes of questions while the host's queue takes none, with two instances that both look after them. */
describe('while the host’s queue is out of order', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
    await world.startHost({ instance: 'second' })
  }, 180_000)

  afterEach(() => queue('ok'))

  afterAll(() => world.end())

  const queue = async (mode: FaultMode) => {
    await Promise.all(world.everyHost.map((host) => host.fault('handoff-enqueues', mode)))
  }
  const hire = () => world.hire('webhook', { kind: 'stream', text: 'You said: {input}.' })
  const everybodyAsks = async ({ app }: Bot) => {
    const people = await Promise.all(Array.from({ length: PEOPLE }, () => world.person()))
    return Promise.all(
      people.map(({ userId }, index) => world.lark.say({ userId, appId: app.appId, text: `question ${index}` }))
    )
  }
  const undispatched = (seconds: number) =>
    world.database.query<{ id: string }>(
      `SELECT id FROM plugin_lark_turn WHERE state = 'running' AND dispatched_at IS NULL
         AND created_at < now() - make_interval(secs => ${seconds})`
    )
  const ended = (messageId: string, state: string) =>
    eventually(`the row is ${state}`, async () => (await world.row(messageId))?.state === state, 60_000)

  it.each<FaultMode>(['hang', 'fail'])('and back later, each question runs once: %s', async (mode) => {
    const bot = await hire()
    await queue(mode)
    const asked = await everybodyAsks(bot)
    await eventually(
      'others may take them up',
      async () => (await undispatched(mode === 'hang' ? 14 : 0)).length === PEOPLE,
      60_000
    )
    await queue('ok')
    for (const { messageId } of asked) await ended(messageId, 'answered')

    const inputs = (await world.admin.runs(bot.expertId)).map(({ input }) => String(input))
    expect(inputs.sort()).toEqual(asked.map((_, index) => `question ${index}`).sort())
  })

  it('a question that was stopped is not asked when it is back', async () => {
    const bot = await hire()
    await queue('fail')
    const { userId } = await world.person()
    const asked = await world.lark.say({ userId, appId: bot.app.appId, text: 'never mind' })
    await eventually('it waits for its dispatch', async () => (await undispatched(0)).length === 1)
    await world.lark.say({ userId, appId: bot.app.appId, text: '/stop' })
    await eventually('it is stopped', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_turn WHERE state = 'running' AND stop_reason IS NOT NULL`
      )
      return rows.length === 1
    })
    await queue('ok')
    await ended(asked.messageId, 'dropped')

    expect(await world.admin.runs(bot.expertId)).toEqual([])
  })
})
