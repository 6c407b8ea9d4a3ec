import { FaultMode, FaultyService } from '../../playground/xpert-host/control/host-faults'
import { eventually } from '../support/eventually'
import { watchInboxMoves, wrongInboxMoves } from '../support/inbox-moves'
import { Bot, World } from '../support/world'

const PEOPLE = 20

/** What becomes of questions while the host does not take them, with two instances that both look after them. */
describe('while the host is out of order', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    // Fewer places for messages in work than people who ask.
    const pluginConfig = {
      endpoints: { feishu: world.lark.url, lark: world.lark.url },
      limits: { concurrentMessages: 4 }
    }
    await world.startHost({ instance: 'first', pluginConfig })
    await world.startHost({ instance: 'second', pluginConfig })
  }, 180_000)

  afterEach(async () => {
    await everywhere('handoff-enqueues', 'ok')
    await everywhere('integration-reads', 'ok')
    await watchInboxMoves(world.database)
  })

  afterAll(async () => {
    expect(await wrongInboxMoves(world.database)).toEqual([])
    await world.end()
  })

  const everywhere = async (service: FaultyService, mode: FaultMode) => {
    await Promise.all(world.everyHost.map((host) => host.fault(service, mode)))
  }
  const hire = (trigger: Record<string, unknown> = {}) =>
    world.hire('webhook', { kind: 'stream', text: 'You said: {input}.' }, { trigger })
  const everybodyAsks = async ({ app }: Bot) => {
    const people = await Promise.all(Array.from({ length: PEOPLE }, () => world.person()))
    return Promise.all(
      people.map(({ userId }, index) => world.lark.say({ userId, appId: app.appId, text: `question ${index}` }))
    )
  }
  const undispatched = (seconds: number) =>
    world.database.query<{ id: string }>(
      `SELECT id FROM plugin_lark_turn WHERE state = 'running' AND dispatched_at IS NULL
         AND started_at < now() - make_interval(secs => ${seconds})`
    )
  const ended = (messageId: string, state: string) =>
    eventually(`the row is ${state}`, async () => (await world.row(messageId))?.state === state, 60_000)

  /** Until others would take up what a dead process left behind, where these calls hang and do not fail. */
  const allWaitForTheirDispatch = (seconds: number) =>
    eventually('they wait', async () => (await undispatched(seconds)).length === PEOPLE, 60_000)
  const eachRunsOnce = async (bot: Bot, asked: readonly { messageId: string }[]) => {
    for (const { messageId } of asked) await ended(messageId, 'answered')
    const inputs = (await world.admin.runs(bot.expertId)).map(({ input }) => String(input))
    expect(inputs.sort()).toEqual(asked.map((_, index) => `question ${index}`).sort())
  }

  it.each<FaultMode>(['hang', 'fail'])(
    'with its queue, each question runs once when it is back: %s',
    async (mode) => {
      const bot = await hire()
      await everywhere('handoff-enqueues', mode)
      const asked = await everybodyAsks(bot)
      await allWaitForTheirDispatch(mode === 'hang' ? 14 : 0)
      const { userId } = await world.person()
      const other = await world.lark.say({ userId, appId: bot.app.appId, text: '/help' })
      await world.lark.waitForMessage(other.chatId, { fromBot: true, replyTo: other.messageId })
      await everywhere('handoff-enqueues', 'ok')
      await eachRunsOnce(bot, asked)
    },
    180_000
  )

  it('with its reads of integrations, each question runs once when they are back', async () => {
    const bot = await hire({ summaryWindowSeconds: 10 })
    const asked = await everybodyAsks(bot)
    for (const { messageId } of asked)
      await eventually('it is collected', async () => (await world.row(messageId))?.state === 'attached')
    await everywhere('integration-reads', 'hang')
    // Longer than the windows, and than an integration is cached.
    await Promise.all(world.everyHost.map((host) => host.changeClock({ advanceMs: 11_000 })))
    await allWaitForTheirDispatch(14)
    await everywhere('integration-reads', 'ok')
    await eachRunsOnce(bot, asked)
  }, 180_000)

  it('a question that was stopped is not asked when it is back', async () => {
    const bot = await hire()
    await everywhere('handoff-enqueues', 'fail')
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
    await everywhere('handoff-enqueues', 'ok')
    await ended(asked.messageId, 'dropped')

    expect(await world.admin.runs(bot.expertId)).toEqual([])
  })
})
