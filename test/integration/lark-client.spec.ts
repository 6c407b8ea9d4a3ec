import { LarkSimulator, SimApp } from '../../playground/lark-simulator/client'
import { InstanceIdentity, InstanceRegistry, PluginConfigReader } from '../../src/cluster'
import { appKeyOf, AppInspections, CallCounts, LarkApi, LarkApiError, LarkApp, LarkReaction } from '../../src/lark'
import { SdkLarkApis } from '../../src/lark/lark-api.client'
import { LarkClientFactory } from '../../src/lark/lark-client.factory'
import { RateGovernor } from '../../src/lark/rate-governor'
import { SystemClock } from '../../src/shared'

describe('the Lark client on a simulated Lark', () => {
  let lark: LarkSimulator
  let app: SimApp
  let chatId: string
  let messageId: string
  let apis: SdkLarkApis
  let api: LarkApi
  let inspections: AppInspections
  let counts: CallCounts

  const larkApp = (patch: Partial<LarkApp> = {}): LarkApp => ({
    appId: app.appId,
    appSecret: app.appSecret,
    region: 'feishu',
    ...patch
  })
  const text = (words: string, uuid: string) => ({ msgType: 'text' as const, content: { text: words }, uuid })
  const failureOf = async (call: Promise<unknown>): Promise<LarkApiError> => {
    const error: unknown = await call.then(
      () => undefined,
      (thrown: unknown) => thrown
    )
    if (!(error instanceof LarkApiError)) throw new Error(`expected a LarkApiError, got ${String(error)}`)
    return error
  }
  const tokenCalls = async (since: number) =>
    (await lark.calls({ since })).filter(({ path }) => path.includes('tenant_access_token'))
  /** No database: this process is alone. */
  const apisOver = (config: PluginConfigReader) => {
    const clock = new SystemClock()
    const registry = new InstanceRegistry(undefined as never, new InstanceIdentity())
    const governor = new RateGovernor(registry)
    counts = new CallCounts(registry)
    const clients = new LarkClientFactory(config)
    inspections = new AppInspections(clients, governor, counts, clock)
    return new SdkLarkApis(clients, governor, counts, inspections, clock)
  }
  const freshApis = () => {
    const config = new PluginConfigReader(() => ({ endpoints: { feishu: lark.url, lark: lark.url } }))
    return apisOver(config)
  }

  beforeAll(async () => {
    lark = await LarkSimulator.spawn()
    app = await lark.createApp({ transport: 'webhook', name: 'Helper' })
    const user = await lark.createUser({ name: 'Ann' })
    const said = await lark.say({ userId: user.userId, appId: app.appId, text: 'hello' })
    chatId = said.chatId
    messageId = said.messageId
  })

  beforeEach(async () => {
    await lark.clearFaults()
    apis = freshApis()
    api = apis.for(larkApp())
  })

  afterAll(() => lark?.stop())

  it('sends, replies, reacts and knows the bot', async () => {
    const sent = await api.sendMessage({ receiveIdType: 'chat_id', receiveId: chatId, ...text('one', 'u-1') })
    const reply = await api.replyMessage({ messageId, ...text('two', 'u-2') })
    const { reactionId } = await api.addReaction({ messageId, emoji: 'OnIt' })
    const seen = await lark.read(chatId)
    expect(seen.filter(({ fromBot }) => fromBot).map((message) => message.text)).toEqual(['one', 'two'])
    expect(seen.find((message) => message.messageId === messageId)?.reactions).toHaveLength(1)
    expect(seen.find((message) => message.messageId === reply.messageId)?.replyTo).toBe(messageId)
    await api.removeReaction({ messageId, reactionId })
    expect(sent.chatId).toBe(chatId)
    expect(await apis.botOf(larkApp())).toEqual({
      openId: app.botOpenId,
      name: 'Helper',
      activateStatus: app.activateStatus
    })
    expect(await lark.violations()).toEqual([])
  })

  it('sends a card and patches it', async () => {
    const card = (words: string) => ({
      schema: '2.0',
      config: { update_multi: true },
      body: { elements: [{ tag: 'markdown', content: words }] }
    })
    const sent = await api.replyMessage({ messageId, msgType: 'interactive', content: card('wait'), uuid: 'u-3' })
    await api.patchCard({ messageId: sent.messageId, card: card('done') })
    const seen = await lark.read(chatId)
    expect(seen.find((message) => message.messageId === sent.messageId)?.card?.markdown).toEqual(['done'])
  })

  it('asks for one token when many calls wait for the first one', async () => {
    const { now } = await lark.clock()
    await Promise.all([1, 2, 3, 4].map(() => api.getBot()))
    expect(await tokenCalls(now)).toHaveLength(1)
  })

  it('renews a refused token once and repeats the call', async () => {
    await api.getBot()
    await lark.addFault({ on: 'api', api: 'im.message.reply', status: 400, code: 99991663 })
    const { now } = await lark.clock()
    await api.replyMessage({ messageId, ...text('three', 'u-4') })
    expect(await tokenCalls(now)).toHaveLength(1)
  })

  it('gives up on a token that is refused twice', async () => {
    await lark.addFault({ on: 'api', api: 'im.message.reply', status: 400, code: 99991663, times: 2 })
    expect((await failureOf(api.replyMessage({ messageId, ...text('x', 'u-5') }))).code).toBe('token')
  })

  it.each<[string, Parameters<LarkSimulator['addFault']>[0], LarkReaction, number]>([
    ['HTTP 200 with a code', { on: 'api', api: 'im.message.reply', okWithCode: 230011 }, 'target_gone', 230011],
    ['HTTP 400 with a code', { on: 'api', api: 'im.message.reply', status: 400, code: 230020 }, 'drop_frame', 230020],
    ['429', { on: 'api', api: 'im.message.reply', rateLimited: true }, 'slow_down', 99991400],
    ['a lost answer', { on: 'api', api: 'im.message.reply', drop: 'after' }, 'unknown_outcome', 0],
    ['data that is missing', { on: 'api', api: 'im.message.reply', nullData: true }, 'unknown_outcome', 0]
  ])('turns %s into an error by reaction', async (_name, fault, reaction, larkCode) => {
    await lark.addFault(fault)
    const error = await failureOf(api.replyMessage({ messageId, ...text('x', `u-${reaction}-${larkCode}`) }))
    expect({ code: error.code, larkCode: error.larkCode, api: error.api }).toEqual({
      code: reaction,
      larkCode,
      api: 'im.message.reply'
    })
  })

  it('finds its message again when the answer was lost and the same uuid is sent once more', async () => {
    // A chat of its own: Lark takes five messages a second from all bots of one.
    const { userId } = await lark.createUser({ name: 'Bob' })
    const said = await lark.say({ userId, appId: app.appId, text: 'hello' })
    await lark.addFault({ on: 'api', api: 'im.message.reply', drop: 'after' })
    const message = { messageId: said.messageId, ...text('only once', 'u-lost') }
    expect((await failureOf(api.replyMessage(message))).code).toBe('unknown_outcome')
    const sent = await api.replyMessage(message)
    const copies = (await lark.read(said.chatId)).filter((seen) => seen.text === 'only once')
    expect(copies.map((seen) => seen.messageId)).toEqual([sent.messageId])
  })

  it('knows that nothing was sent where nobody listens', async () => {
    const config = new PluginConfigReader(() => ({ endpoints: { feishu: 'http://127.0.0.1:9' } }))
    const away = apisOver(config)
    expect((await failureOf(away.for(larkApp()).replyMessage({ messageId, ...text('x', 'u-6') }))).code).toBe('retry')
    expect(await away.botOf(larkApp())).toBeNull()
  })

  it('makes no call that its caller may not make any more when its turn has come', async () => {
    const calls = async () => (await lark.calls({ since: 0 })).length
    const before = await calls()
    const refusal = new Error('somebody else has taken over')
    const fenced = apis.for(larkApp(), 'answer', () => Promise.reject(refusal))
    await expect(fenced.recallMessage({ messageId })).rejects.toBe(refusal)
    expect(await calls()).toBe(before)
  })

  it('checks credentials past every cache', async () => {
    await inspections.for(larkApp()).credentials()
    await inspections.for(larkApp()).credentials()
    expect((await failureOf(inspections.for(larkApp({ appSecret: 'wrong' })).credentials())).code).toBe('credentials')
    expect((await failureOf(apis.for(larkApp({ appSecret: 'wrong' })).getBot())).code).toBe('credentials')
  })

  it('checks credentials and gets a token at the same time', async () => {
    await lark.addFault({ on: 'api', api: 'auth.tenant_access_token', delayMs: 200, times: 2 })
    const inspection = inspections.for(larkApp())
    const [bot, checked] = await Promise.all([api.getBot(), inspection.credentials()])
    expect([bot.openId, typeof checked.clockAheadMs]).toEqual([app.botOpenId, 'number'])
  })

  it('knows how many long connections Lark counts, and says so when Lark does not', async () => {
    const inspection = inspections.for(larkApp())
    expect(await inspection.connections()).toBe(0)
    await lark.addFault({ on: 'api', api: 'event.connection.get', nullData: true })
    expect(await inspection.connections()).toBeNull()
  })

  it('asks about an app as it asks everything: in its budget, counted, and with a fresh token', async () => {
    const inspection = inspections.for(larkApp())
    expect([...(await inspection.grantedScopes())]).toContain('im:message:send_as_bot')
    await lark.addFault({ on: 'api', api: 'application.scope.list', status: 400, code: 99991663 })
    expect([...(await inspection.grantedScopes())]).toContain('im:message:send_as_bot')
    const calls = counts.of(appKeyOf(larkApp()))
    expect(calls).toEqual({ byApi: { 'application.scope.list': 3 }, failed: { token: 1 } })
  })

  it('keeps bodies, tokens and secrets out of its errors', async () => {
    await lark.addFault({ on: 'api', api: 'im.message.reply', status: 500 })
    const error = await failureOf(api.replyMessage({ messageId, ...text('my secret words', 'u-7') }))
    const dump = [error.message, JSON.stringify(error.details), JSON.stringify(error.cause), String(error.stack)].join(
      ' '
    )
    expect(dump).not.toMatch(/my secret words|Bearer|t-[a-z0-9]{6}/)
    expect(error.code).toBe('unknown_outcome')
  })
})
