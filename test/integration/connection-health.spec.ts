import { PluginConfigReader } from '../../src/cluster'
import { LongConnectionClient, LongConnectionClients } from '../../src/lark'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

/** The server's ping interval and 15 s. */
const NOTICED_WITHIN_MS = 135_000
const STEP_MS = 5_000

describe('a long connection that stands, but', () => {
  let world: World
  let bot: Bot
  const strangers: LongConnectionClient[] = []

  const summary = async () =>
    (await world.admin.viewData<{ summary: Record<string, string> }>(bot.integrationId, 'lark_integration__status'))
      .body.summary
  const diagnosis = async () => {
    const read = await world.admin.viewData<{ items: { id: string; cause: string }[] }>(
      bot.integrationId,
      'lark_integration__diagnosis'
    )
    return new Map(read.body.items.map(({ id, cause }) => [id, cause]))
  }
  const open = async () => (await world.lark.connections(bot.app.appId)).map(({ connectionId }) => connectionId)

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    bot = await world.hire('long_connection', { kind: 'stream', text: 'Heard: {input}.', deltas: 2 })
  }, 180_000)

  afterAll(async () => {
    for (const stranger of strangers) stranger.close()
    await world.end()
  })

  it('is half-open is noticed within the ping interval and 15 s, named, and replaced', async () => {
    const [deaf] = await open()
    await world.lark.halfOpen(bot.app.appId, true)
    let passedMs = 0
    const isNoticed = async (): Promise<boolean> => {
      const [row] = await world.database.query(`SELECT recent_errors FROM plugin_lark_connection`)
      return row?.recent_errors?.[0]?.code === 'closed'
    }
    while (!(await eventually('it is noticed', isNoticed, 500).catch(() => false)) && passedMs < NOTICED_WITHIN_MS) {
      await world.advance(STEP_MS)
      passedMs += STEP_MS
    }
    await eventually('it is noticed', isNoticed)
    expect(passedMs).toBeGreaterThan(STEP_MS)
    await world.advance(STEP_MS)
    await eventually('there is another socket', async () => {
      const now = await open()
      return now.length === 1 && now[0] !== deaf
    })
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId })
    expect(await summary()).toMatchObject({
      state: expect.stringMatching(/^connected \(\d{4}-/),
      owner: expect.stringMatching(/ \([0-9a-f]{8}\) \/ /)
    })
    await eventually('the owner has written what it heard', async () =>
      /^last frame \d{4}-.* UTC, last event \d{4}-.* UTC, [1-9]\d* reconnects$/.test(
        (await diagnosis()).get('connection_record') ?? ''
      )
    )
    const facts = await diagnosis()
    expect(facts.get('error:0')).toContain('The connection ended or went silent')
    expect(facts.get('connection_hint')).toBeUndefined()
  }, 120_000)

  it('another program uses its app too is said to be so, once Lark was asked', async () => {
    const config = new PluginConfigReader(() => ({ endpoints: { feishu: world.lark.url } }))
    const ready = new Promise<void>((onReady) => {
      const stranger = new LongConnectionClients(config).create(
        { appId: bot.app.appId, appSecret: bot.app.appSecret, region: 'feishu' },
        { onReady, onLost: () => undefined, onFrame: () => undefined, onEvent: async () => undefined }
      )
      strangers.push(stranger)
      stranger.start()
    })
    await ready
    await world.advance(61_000)
    await eventually('the hint is there', async () =>
      (await diagnosis()).get('connection_hint')?.includes('1 more connection')
    )
    const asked = (await world.lark.calls({ api: 'event.connection.get' })).length
    const hour = { advanceMs: 3_600_000 }
    const { now } = await world.lark.changeClock(hour)
    await world.host.changeClock(hour)
    await eventually('the hour has passed there too', async () =>
      (await world.lark.connections(bot.app.appId)).some(({ lastPingAt }) => (lastPingAt ?? 0) >= now)
    )
    expect((await world.lark.calls({ api: 'event.connection.get' })).length).toBe(asked)
  })
})
