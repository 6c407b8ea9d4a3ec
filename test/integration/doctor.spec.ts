import { PluginConfigReader } from '../../src/cluster'
import { SCOPES } from '../../src/integration/doctor/scope-table'
import { LongConnectionClients } from '../../src/lark'
import { Fault, SimAppPatch } from '../../playground/lark-simulator/client'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

interface Line {
  check: string
  verdict: string
  title: string
  cause: string
  link: string
}

const BASE = 'https://xpert.example'
const ALL_SCOPES = SCOPES.map(({ scope }) => scope)
const ALWAYS_NAMED = SCOPES.filter(({ isOfUse }) => !isOfUse)
const ANSWER = { kind: 'stream', text: 'Hello' } as const

describe('the doctor', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ apiBaseUrl: BASE })
  })

  afterAll(() => world.end())

  const report = async (bot: Bot, headers: Record<string, string> = {}): Promise<Line[]> => {
    const path = `/api/lark/${bot.integrationId}/doctor`
    const { status, body } = await world.admin.request<{ lines: Line[] }>('GET', path, undefined, headers)
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
    return body.lines
  }

  /** As after "Check again". */
  const examine = async (bot: Bot, headers?: Record<string, string>): Promise<Map<string, Line>> => {
    const again = await world.admin.viewAction(bot.integrationId, 'lark_integration__diagnosis', 'check_again')
    expect(again.status).toBe(201)
    return new Map((await report(bot, headers)).map((line) => [line.check, line]))
  }

  const verdictsOf = (lines: Map<string, Line>): Record<string, string> =>
    Object.fromEntries([...lines].map(([check, { verdict }]) => [check, verdict]))

  const notOk = (lines: Map<string, Line>): string[] =>
    [...lines.values()].filter(({ verdict }) => verdict !== 'ok').map(({ check, verdict }) => `${check} ${verdict}`)

  const hear = async ({ app }: Bot): Promise<void> => {
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: app.appId, text: 'hello' })
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId })
    const context = { open_message_id: messageId, open_chat_id: chatId }
    const event = { operator: { open_id: 'ou_1' }, action: { value: {}, tag: 'button' }, context }
    await world.lark.push({ appId: app.appId, eventType: 'card.action.trigger', event })
    await eventually('the click is stored', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_inbound_event WHERE event_type = 'card.action.trigger' AND message_id = $1`,
        [messageId]
      )
      return rows.length > 0
    })
  }

  /** At the webhook of an integration, as Lark would if `appId` is its app's. */
  const callAs = (appId: string, { integrationId }: Bot) =>
    fetch(`${world.host.url}/api/lark/webhook/${integrationId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ schema: '2.0', header: { event_id: 'e', event_type: 't', app_id: appId }, event: {} })
    })

  describe('over the long connection', () => {
    let bot: Bot

    beforeAll(async () => {
      bot = await world.hire('long_connection', ANSWER)
      await world.lark.updateApp(bot.app.appId, { scopes: ALL_SCOPES })
      await hear(bot)
    })

    const during = <T>(patch: SimAppPatch, work: () => Promise<T>): Promise<T> => world.during(bot, patch, work)

    it('finds nothing wrong with an app that is as it should be', async () => {
      const lines = await examine(bot)
      expect(notOk(lines)).toEqual([])
      expect([...lines.keys()].filter((check) => !check.startsWith('scope:'))).toEqual([
        'credentials',
        'region',
        'bot',
        'version',
        'availability',
        'mode',
        'connection',
        'expert',
        'consumers',
        'last_event',
        'last_click',
        'clock',
        'quota'
      ])
      for (const { check, cause, title, link } of lines.values()) {
        expect(`${title} ${cause}`).not.toMatch(/undefined|\{\w+\}/)
        if (check === 'expert') expect(link).toBe('')
        else expect(link).toMatch(new RegExp(`^https://open\\.feishu\\.cn/app/${bot.app.appId}/`))
      }
    })

    it.each<[string, string, SimAppPatch, RegExp]>([
      ['credentials', 'fail', { appSecret: 'another-secret-of-the-console' }, /does not accept/],
      ['region', 'fail', { region: 'lark' }, /other cloud/],
      ['bot', 'fail', { activateStatus: 1 }, /not enabled \(1\)/],
      ['version', 'fail', { console: { onlineVersionId: '' } }, /No version/],
      ['version', 'fail', { console: { status: 0 } }, /disabled/],
      ['version', 'warn', { console: { unauditVersionId: 'oav_2' } }, /waits for approval/],
      ['availability', 'warn', { console: { isVisibleToAll: false, visibleTo: ['ou_1'] } }, /Only some/],
      ['availability', 'fail', { console: { isVisibleToAll: false } }, /Nobody/],
      ['mode', 'fail', { transport: 'webhook' }, /by webhook, this integration waits for long connection/],
      ['last_event', 'fail', { subscribedEvents: ['im.chat.updated_v1'] }, /does not subscribe/],
      ['last_click', 'fail', { subscribedCallbacks: [] }, /200340/]
    ])('%s is %s with %j', async (check, verdict, patch, cause) => {
      const line = await during(patch, async () => (await examine(bot)).get(check))
      expect(line).toMatchObject({ verdict, cause: expect.stringMatching(cause) as string })
    })

    it.each(ALWAYS_NAMED.map(({ scope, isRequired, orElse }) => [scope, isRequired, orElse] as const))(
      'names what %s unlocks when it is missing',
      async (scope, isRequired, orElse) => {
        const without = ALL_SCOPES.filter((name) => name !== scope && !orElse.includes(name))
        const line = await during({ scopes: without }, async () => (await examine(bot)).get(`scope:${scope}`))
        expect(line).toMatchObject({ verdict: isRequired ? 'fail' : 'optional' })
        expect(line!.cause).toMatch(/: \S.*\.$|needed for: \S|would unlock: \S/)
        expect(line!.link).toContain(`q=${encodeURIComponent(scope)}`)
      }
    )

    it.each([
      ['im:chat:readonly', 'im:chat:read'],
      ['contact:contact.base:readonly', 'contact:contact:readonly_as_app'],
      ['contact:contact.base:readonly', 'contact:contact:access_as_app']
    ])('takes for %s what a trigger takes too: %s', async (scope, wider) => {
      const scopes = [...ALL_SCOPES.filter((name) => name !== scope), wider]
      const line = await during({ scopes }, async () => (await examine(bot)).get(`scope:${scope}`))
      expect(line).toMatchObject({ verdict: 'ok' })
    })

    it.each<[string, string, Partial<Extract<Fault, { on: 'api' }>>, RegExp]>([
      ['quota', 'fail', { code: 99991403, status: 400 }, /Used up/],
      ['bot', 'fail', { api: 'bot.info', code: 11205, status: 400 }, /no bot/],
      ['scopes', 'unknown', { api: 'application.scope.list', code: 2200, status: 500 }, /asked just now: \D+ \(2200\)/],
      [
        'consumers',
        'unknown',
        { api: 'event.connection.get', code: 99991201, status: 404 },
        /refuses to say: \D+ \(99991201\)/
      ],
      ['scopes', 'unknown', { code: 99991403, status: 400 }, /refuses to say: the monthly quota \(99991403\)/],
      ['credentials', 'unknown', { drop: 'before' }, /could not be asked just now: \w/],
      ['version', 'unknown', { drop: 'before' }, /could not be asked just now: \w/]
    ])('%s is %s with the fault %j', async (check, verdict, fault, cause) => {
      await world.lark.addFault({ on: 'api', appId: bot.app.appId, times: -1, ...fault })
      const lines = await examine(bot)
      await world.lark.clearFaults()
      expect(lines.get(check)).toMatchObject({ verdict, cause: expect.stringMatching(cause) as string })
    })

    it('does not know what only an app that manages itself is told', async () => {
      const scopes = ALL_SCOPES.filter((scope) => !scope.includes('self_manage'))
      const lines = await during({ scopes }, () => examine(bot))
      expect(verdictsOf(lines)).toMatchObject({ version: 'unknown', availability: 'unknown', mode: 'unknown' })
      expect(lines.get('version')!.cause).toContain('application:application:self_manage')
    })

    it('finds a second consumer of the app', async () => {
      const config = new PluginConfigReader(() => ({ endpoints: { feishu: world.lark.url } }))
      const app = { appId: bot.app.appId, appSecret: bot.app.appSecret, region: 'feishu' as const }
      const ignore = { onReady: () => undefined, onLost: () => undefined, onFrame: () => undefined }
      const thief = new LongConnectionClients(config).create(app, { ...ignore, onEvent: async () => undefined })
      thief.start()
      await world.lark.waitForConnections(app.appId, 2)
      expect((await examine(bot)).get('consumers')).toMatchObject({
        verdict: 'fail',
        cause: expect.stringContaining('1 other') as string
      })
      thief.close()
      await eventually('it is gone', async () => (await world.lark.connections(app.appId)).length === 1)
    })

    it('asks Lark at most once a minute', async () => {
      const count = async () => (await world.lark.calls({ appId: bot.app.appId })).length
      await examine(bot)
      const first = await count()
      await report(bot)
      await world.admin.viewData(bot.integrationId, 'lark_integration__diagnosis')
      expect(await count()).toBe(first)
      await world.advance(61_000)
      await report(bot)
      expect(await count()).toBeGreaterThan(first)
    })

    it('speaks the reader’s language, in the tab too', async () => {
      const lines = await examine(bot, { language: 'zh-Hans' })
      for (const { cause } of lines.values()) expect(cause).toMatch(/\p{Script=Han}/u)
      const path = `/api/view-hosts/integration/${bot.integrationId}/views/lark_integration__diagnosis/data`
      const tab = async (language: string) =>
        (await world.admin.request<{ items: Line[] }>('GET', path, undefined, { language })).body.items
      expect((await tab('zh-Hans'))[0]).toMatchObject({ title: 'App ID 与 App Secret', verdict: '正常' })
      expect((await tab('en-US'))[0]).toMatchObject({ title: 'App ID and App Secret', verdict: 'OK' })
      const shown = (await tab('en-US')).map(({ check }) => check)
      expect(shown).toEqual(expect.arrayContaining([...lines.keys()]))
    })

    it('never shows a secret', async () => {
      const everything = JSON.stringify([...(await examine(bot))])
      expect(everything).not.toContain(bot.app.appSecret)
      expect(everything).not.toContain(bot.app.verificationToken)
    })

    it('says why there is no connection, and where an event last came from the wrong door', async () => {
      await world.lark.addFault({ on: 'endpoint', appId: bot.app.appId, times: -1, code: 514 })
      await world.lark.closeConnections(bot.app.appId, { terminate: true })
      const line = await eventually('the connection is given up', async () => {
        const found = (await examine(bot)).get('connection')
        return found?.verdict === 'fail' ? found : null
      })
      expect(line.cause).toContain('514')
      const chinese = await report(bot, { language: 'zh-Hans' })
      const { cause } = chinese.find(({ check }) => check === 'connection')!
      expect(cause).toMatch(/飞书未接受/)
      expect(cause).not.toMatch(/reconnecting|failed|fault/)
      expect(chinese.find(({ check }) => check === 'region')!.cause).toContain('飞书（中国）')
      await callAs('', bot)
      const scopes = ALL_SCOPES.filter((scope) => !scope.includes('self_manage'))
      const doubtful = await during({ scopes }, async () => (await examine(bot)).get('mode'))
      expect(doubtful).toMatchObject({ verdict: 'warn', cause: expect.stringContaining('somebody else') as string })
      await callAs(bot.app.appId, bot)
      await callAs('', bot)
      const mode = await during({ scopes }, async () => (await examine(bot)).get('mode'))
      expect(mode).toMatchObject({
        verdict: 'fail',
        cause: expect.stringContaining('still calls the webhook') as string
      })
      await world.lark.clearFaults()
    })
  })

  describe('after calls at the wrong door', () => {
    const SILENT = ALL_SCOPES.filter((scope) => !scope.includes('self_manage'))

    /** Its console says nothing of itself, and Lark once called the webhook. */
    const misdirected = async (): Promise<Bot> => {
      const bot = await world.hire('long_connection', ANSWER)
      await world.lark.updateApp(bot.app.appId, { scopes: SILENT })
      await callAs(bot.app.appId, bot)
      expect((await examine(bot)).get('mode')).toMatchObject({ verdict: 'fail' })
      return bot
    }

    it('says nothing of them once the integration listens there', async () => {
      const bot = await misdirected()
      const { options } = await world.admin.getIntegration(bot.integrationId)
      const webhook = { ...options, connectionMode: 'webhook' }
      await world.admin.updateIntegration(bot.integrationId, { options: webhook })
      const lines = await eventually('the integration listens at the webhook', async () => {
        const found = await examine(bot)
        return found.has('webhook_url') ? found : null
      })
      expect(lines.get('mode')).toMatchObject({ verdict: 'unknown' })
      expect(lines.get('last_event')).toMatchObject({
        verdict: 'warn',
        cause: expect.stringContaining('None yet') as string
      })
      const tested = await world.admin.testIntegration({ id: bot.integrationId, options: webhook })
      expect(JSON.stringify(tested.body)).not.toMatch(/still calls the webhook|was refused/)
    })

    it('says nothing of them once events come over the long connection', async () => {
      const bot = await misdirected()
      await hear(bot)
      expect((await examine(bot)).get('mode')).toMatchObject({ verdict: 'unknown' })
    })
  })

  describe('over the webhook', () => {
    let bot: Bot

    beforeAll(async () => {
      bot = await world.hire('webhook', ANSWER)
      await world.lark.updateApp(bot.app.appId, { scopes: ALL_SCOPES })
    })

    it('misses the first event, then what the console says of the URL', async () => {
      const before = await examine(bot)
      expect(before.get('last_event')).toMatchObject({
        verdict: 'warn',
        cause: expect.stringContaining('None yet') as string
      })
      expect(before.get('last_click')).toMatchObject({
        verdict: 'unknown',
        cause: expect.stringMatching(/^None among the latest events\. If people see error 200340/) as string
      })
      await hear(bot)
      const url = `${BASE}/api/lark/webhook/${bot.integrationId}`
      const differs = (await examine(bot)).get('webhook_url')
      expect(differs).toMatchObject({ verdict: 'fail', cause: expect.stringContaining(url) as string })
      await world.lark.updateApp(bot.app.appId, { webhookUrl: url })
      expect(notOk(await examine(bot))).toEqual([])
      await world.connect(bot)
    })

    const call = (body: unknown, { integrationId }: Bot = bot) =>
      fetch(`${world.host.url}/api/lark/webhook/${integrationId}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body)
      })
    const lastEvent = async (of: Bot = bot) => (await examine(of)).get('last_event')

    it('is not turned red by somebody who knows the URL', async () => {
      await hear(bot)
      await call({ type: 'url_verification', challenge: 'c', token: 'made up' })
      expect(await lastEvent()).toMatchObject({
        verdict: 'warn',
        cause: expect.stringMatching(/Verification Token.*somebody else/) as string
      })
      const shown = (await report(bot, { language: 'zh-Hans' })).find(({ check }) => check === 'last_event')
      expect(shown!.cause).not.toMatch(/token\b/)
      await world.lark.verifyWebhook(bot.app.appId)
      expect(await lastEvent()).toMatchObject({ verdict: 'ok' })
      await call([])
      expect(await lastEvent()).toMatchObject({ verdict: 'ok' })
    })

    it('finds callbacks that are refused while nothing was ever accepted, until the settings are mended', async () => {
      const other = await world.hire('webhook', ANSWER)
      const { options } = await world.admin.getIntegration(other.integrationId)
      const save = async (verificationToken: string) => {
        await world.admin.updateIntegration(other.integrationId, { options: { ...options, verificationToken } })
        await call({}, other)
      }
      await save('another-token-than-the-console')
      const refused = await eventually('the call is refused', async () => {
        await world.lark.verifyWebhook(other.app.appId)
        const line = await lastEvent(other)
        return line?.verdict === 'fail' ? line : null
      })
      expect(refused.cause).toMatch(/A call was refused at .*Verification Token/)
      await save(other.app.verificationToken)
      await eventually('it is no verdict on the new settings', async () => (await lastEvent(other))?.verdict === 'warn')
      expect((await lastEvent(other))!.cause).toContain('None yet')
    })

    it('finds missing secrets', async () => {
      const app = await world.lark.createApp({ transport: 'webhook' })
      const { id } = await world.admin.createIntegration({
        name: 'Bare',
        options: { appId: app.appId, appSecret: app.appSecret, connectionMode: 'webhook' }
      })
      const lines = await examine({ app, integrationId: id, expertId: '' })
      expect(lines.get('webhook_secrets')).toMatchObject({ verdict: 'fail' })
      await world.admin.updateIntegration(id, {
        options: {
          appId: app.appId,
          appSecret: app.appSecret,
          connectionMode: 'webhook',
          encryptKey: 'only-an-encrypt-key'
        }
      })
      await eventually('the URL check would be refused', async () => {
        const found = (await examine({ app, integrationId: id, expertId: '' })).get('webhook_secrets')
        return found?.verdict === 'warn' && found.cause.includes('Without a Verification Token')
      })
    })

    it('finds a clock that is off', async () => {
      const clockLine = async () => (await examine(bot)).get('clock')
      const now = (await world.host.clock()).now
      await world.lark.changeClock({ now: now + 120_000 })
      expect(await clockLine()).toMatchObject({ verdict: 'warn' })
      await world.lark.changeClock({ now: now + 900_000 })
      expect(await clockLine()).toMatchObject({
        verdict: 'fail',
        cause: expect.stringMatching(/\d{3} s off/) as string
      })
      await world.host.changeClock({ now: (await world.lark.clock()).now })
      expect(await clockLine()).toMatchObject({ verdict: 'ok' })
    })
  })
})
