import { randomUUID } from 'node:crypto'
import { SimApp } from '../../playground/lark-simulator/client'
import { TENANTS } from '../../playground/xpert-host/seed'
import { eventually } from '../support/eventually'
import { World } from '../support/world'

interface Result {
  mode: string
  webhookUrl?: string
  probe?: { connected: boolean; state: string; lastError: string | null; checkedAt: number }
  warnings: string[]
  options?: Record<string, unknown>
}

interface Failure {
  message?: string
  response?: { message?: string }
}

describe('the test of an integration', () => {
  let world: World
  let app: SimApp

  beforeAll(async () => {
    world = await World.create()
    const lark = world.lark.url.replace('127.0.0.1', 'localhost')
    await world.startHost({
      apiBaseUrl: 'https://xpert.example',
      pluginConfig: { endpoints: { feishu: world.lark.url, lark } }
    })
    app = await world.lark.createApp({ transport: 'long_connection' })
  })

  afterAll(() => world.end())

  const optionsOf = ({ appId, appSecret }: SimApp, more: Record<string, unknown> = {}) => ({
    appId,
    appSecret,
    ...more
  })

  const test = async (options: Record<string, unknown>, id?: string): Promise<Result> => {
    const { status, body } = await world.admin.testIntegration({ ...(id ? { id } : {}), options })
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
    return body as Result
  }

  const create = (options: Record<string, unknown>) =>
    world.admin.request<Failure>('POST', '/api/integration', { name: 'A', provider: 'lark', options })

  it.each<[string, (app: SimApp) => Record<string, unknown>, RegExp]>([
    ['no App ID', ({ appSecret }) => ({ appSecret }), /^App ID is missing/],
    ['no App Secret', ({ appId }) => ({ appId }), /^App Secret is missing/],
    ['a malformed App ID', ({ appSecret }) => ({ appId: 'ou_1', appSecret }), /^App ID must be/],
    [
      'an App ID that no socket takes',
      (one) => optionsOf({ ...one, appId: 'cli_zzzzzzzzzzzzzzzz' }, { connectionMode: 'long_connection' }),
      /^App ID must be/
    ],
    ['an unknown mode', (one) => optionsOf(one, { connectionMode: 'polling' }), /^Connection Mode is unknown/],
    ['a wrong secret', ({ appId }) => ({ appId, appSecret: 'wrong-secret-of-a-form' }), /did not accept/],
    ['an unknown app', ({ appSecret }) => ({ appId: 'cli_00000000000000aa', appSecret }), /did not accept/],
    ['the other cloud', (one) => optionsOf(one, { isLark: true }), /other cloud/],
    [
      'an administrator as the role of new users',
      (one) => optionsOf(one, { userProvision: { autoProvision: true, roleName: 'super_admin' } }),
      /administrator role/
    ]
  ])('blocks a save for %s, in words', async (_what, options, sentence) => {
    const answer = await create(options(app))
    expect(answer.status).toBe(400)
    expect(answer.body.message).toMatch(sentence)
    const tested = await world.admin.testIntegration({ options: options(app) })
    expect(tested.status).toBe(500)
    expect((tested.body as Failure).response?.message ?? (tested.body as Failure).message).toMatch(sentence)
  })

  it('speaks Chinese where Chinese is preferred', async () => {
    const answer = await create({ appId: app.appId, appSecret: 'wrong-secret-of-a-form', preferLanguage: 'zh-Hans' })
    expect(answer.body.message).toContain('飞书未接受')
  })

  it('notices a secret that was reset a moment ago, past every cache', async () => {
    const reset = await world.lark.createApp({ transport: 'webhook' })
    const options = optionsOf(reset, { connectionMode: 'webhook', verificationToken: reset.verificationToken })
    const created = await world.admin.createIntegration({ name: 'Reset', options })
    expect((await test(options, created.id)).warnings).toEqual([])
    await world.lark.updateApp(reset.appId, { appSecret: 'a-secret-after-its-reset' })
    expect((await world.admin.testIntegration({ id: created.id, options })).status).toBe(500)
  })

  it('asks Lark no second time what was fine a moment ago, but for the secret', async () => {
    const fine = await world.lark.createApp({ transport: 'webhook' })
    const options = optionsOf(fine, { connectionMode: 'webhook', verificationToken: fine.verificationToken })
    const { id } = await world.admin.createIntegration({ name: 'Fine', options })
    expect((await test(options, id)).warnings).toEqual([])
    const before = (await world.lark.calls({ appId: fine.appId })).length
    expect((await test(options, id)).warnings).toEqual([])
    const again = (await world.lark.calls({ appId: fine.appId })).slice(before)
    expect(again.map(({ api }) => api)).toEqual(['auth.tenant_access_token'])
    const { warnings } = await test({ ...options, verificationToken: undefined }, id)
    expect(warnings).toEqual([expect.stringContaining('every callback will be refused')])
  })

  it('asks Lark no second time where only our own settings are worth a warning, and whenever Lark finds something', async () => {
    const keyless = await world.lark.createApp({ transport: 'webhook' })
    const options = optionsOf(keyless, { connectionMode: 'webhook', encryptKey: 'an-encrypt-key-of-a-form' })
    const { id } = await world.admin.createIntegration({ name: 'Keyless', options })
    const apisOf = async (what: Record<string, unknown>) => {
      const before = (await world.lark.calls({ appId: keyless.appId })).length
      const { warnings } = await test(what, id)
      const calls = (await world.lark.calls({ appId: keyless.appId })).slice(before)
      return { warnings, apis: calls.map(({ api }) => api) }
    }
    const ownWord = expect.stringContaining('Without a Verification Token') as string
    expect((await apisOf(options)).warnings).toEqual([ownWord])
    expect(await apisOf(options)).toEqual({ warnings: [ownWord], apis: ['auth.tenant_access_token'] })

    await world.advance(61_000)
    await world.lark.updateApp(keyless.appId, { scopes: [] })
    expect((await apisOf(options)).warnings.length).toBeGreaterThan(1)
    // The admin grants them in the console, and presses Test.
    await world.lark.updateApp(keyless.appId, { scopes: keyless.scopes })
    expect((await apisOf(options)).warnings).toEqual([ownWord])
  })

  it('gives the real URL after saving, and words before', async () => {
    const webhook = await world.lark.createApp({ transport: 'webhook' })
    const options = optionsOf(webhook, { connectionMode: 'webhook', encryptKey: 'an-encrypt-key-of-a-form' })
    const before = await test(options)
    const keyOnly = expect.stringContaining('Without a Verification Token') as string
    expect(before).toEqual({
      mode: 'webhook',
      warnings: ['The Webhook URL is known once the integration is saved.', keyOnly]
    })
    const { id } = await world.admin.createIntegration({ name: 'B', options })
    expect(await test(options, id)).toEqual({
      mode: 'webhook',
      webhookUrl: `https://xpert.example/api/lark/webhook/${id}`,
      warnings: [keyOnly]
    })
    const bare = await test(optionsOf(webhook, { connectionMode: 'webhook' }), id)
    expect(bare.warnings).toEqual([expect.stringContaining('every callback will be refused')])
  })

  it('warns of what the app lacks, with the page of the console', async () => {
    const poor = await world.lark.createApp({ transport: 'long_connection', scopes: [], activateStatus: 1 })
    const { warnings } = await test(optionsOf(poor))
    expect(warnings.find((text) => text.startsWith('Bot: '))).toContain(`https://open.feishu.cn/app/${poor.appId}/bot`)
    expect(warnings.filter((text) => text.startsWith('Permission im:message'))).toHaveLength(5)
  })

  it('tells nobody of another tenant or organisation who names the id what was refused there', async () => {
    const heard = await world.lark.createApp({ transport: 'webhook' })
    const own = { connectionMode: 'webhook', verificationToken: heard.verificationToken }
    const { id } = await world.admin.createIntegration({ name: 'Heard', options: optionsOf(heard, own) })
    const url = `${world.host.url}/api/lark/webhook/${id}`
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c', token: 'of somebody else' })
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect((await test(optionsOf(heard, own), id)).warnings).toEqual([expect.stringContaining('was refused')])
    const stranger = await world.host.login('admin', { organization: 'other' }).testIntegration({
      id,
      options: optionsOf(heard, own)
    })
    expect(stranger).toMatchObject({ status: 201, body: { warnings: [] } })
    // The plugin is of one tenant, so the integration becomes another one's.
    const belongsTo = async (tenantId: string) => {
      await world.database.query(`UPDATE integration SET "tenantId" = $2, "updatedAt" = now() WHERE id = $1`, [
        id,
        tenantId
      ])
      await world.advance(11_000)
    }
    await belongsTo(TENANTS.second.id)
    expect((await test(optionsOf(heard, own), id)).warnings).toEqual([])
    await belongsTo(TENANTS.default.id)
    expect((await test(optionsOf(heard, own), id)).warnings).toEqual([expect.stringContaining('was refused')])
  })

  describe('when Lark is out of reach', () => {
    afterEach(() => world.lark.clearFaults())

    it.each([
      ['gone', { drop: 'before' as const }],
      ['slow', { delayMs: 30_000 }]
    ])('warns and lets the save pass while it is %s', async (_what, fault) => {
      const away = await world.lark.createApp({ transport: 'webhook' })
      await world.lark.addFault({ on: 'api', appId: away.appId, times: -1, ...fault })
      const options = optionsOf(away, { connectionMode: 'webhook', verificationToken: away.verificationToken })
      const { id } = await world.admin.createIntegration({ name: 'Away', options })
      expect((await test(options, id)).warnings).toEqual([expect.stringContaining('could not be reached')])
    })
  })

  describe('of a long connection', () => {
    it('opens a short handshake before the first save, and closes it', async () => {
      const fresh = await world.lark.createApp({ transport: 'long_connection' })
      const { mode, probe } = await test(optionsOf(fresh))
      expect(mode).toBe('long_connection')
      expect(probe).toMatchObject({ connected: true, state: 'connected', lastError: null })
      expect(Number.isInteger(probe!.checkedAt)).toBe(true)
      await world.lark.waitForConnections(fresh.appId, 0)
    })

    it('leaves an event that came meanwhile unacknowledged, and the real connection gets it', async () => {
      const fresh = await world.lark.createApp({ transport: 'long_connection' })
      const { userId } = await world.person()
      const reached = await eventually('an event reaches a handshake', async () => {
        const say = () => world.lark.say({ userId, appId: fresh.appId, text: 'hello' })
        const saying = world.lark.waitForConnections(fresh.appId, 1).then(() => Promise.all([say(), say(), say()]))
        await Promise.all([test(optionsOf(fresh)), saying])
        await world.lark.settled(20_000, { appId: fresh.appId, ignoreRetries: true })
        return (await world.lark.deliveries({ appId: fresh.appId })).find(({ connectionId }) => connectionId)
      })
      const attempts = await world.lark.deliveries({ appId: fresh.appId })
      expect(attempts.filter(({ ok }) => ok)).toEqual([])
      await world.admin.createIntegration({ name: 'Fresh', options: optionsOf(fresh) })
      await world.lark.waitForConnections(fresh.appId, 1)
      await world.lark.changeClock({ advanceMs: 15_000 })
      await world.lark.waitForDelivery({ appId: fresh.appId, messageId: reached.messageId!, ok: true })
    })

    it('reports the connection that runs, and opens none beside it', async () => {
      const bot = await world.hire('long_connection', { kind: 'stream', text: 'Hello' })
      const running = await eventually('it is connected', async () => {
        const { probe } = await test(optionsOf(bot.app), bot.integrationId)
        return probe?.connected ? probe : null
      })
      expect(running).toMatchObject({ state: 'connected', lastError: null })
      const opened = (await world.lark.connections(bot.app.appId)).map(({ connectionId }) => connectionId)
      // Not even for somebody who types the same app into a new form.
      expect((await test(optionsOf(bot.app))).probe).toMatchObject({ connected: true })
      expect((await world.lark.connections(bot.app.appId)).map(({ connectionId }) => connectionId)).toEqual(opened)
    })

    it('tells nobody of another organisation how the connection of an app is doing', async () => {
      const bot = await world.hire('long_connection', { kind: 'stream', text: 'Hello' })
      const opened = async () => (await world.lark.connectionHistory(bot.app.appId)).length
      const before = await opened()
      expect((await test(optionsOf(bot.app))).probe).toMatchObject({ connected: true })
      expect(await opened()).toBe(before)
      const stranger = world.host.login('admin', { organization: 'other' })
      expect((await stranger.testIntegration({ options: optionsOf(bot.app) })).status).toBe(201)
      // A handshake of their own has told, not what we know of the connection.
      expect(await opened()).toBe(before + 1)
    })

    it('says why the endpoint refuses', async () => {
      const full = await world.lark.createApp({ transport: 'long_connection' })
      await world.lark.addFault({ on: 'endpoint', appId: full.appId, times: -1, code: 1000040350 })
      const { probe } = await test(optionsOf(full))
      expect(probe).toMatchObject({
        connected: false,
        state: 'failed',
        lastError: expect.stringContaining('1000040350') as string
      })
      const saved = await test(optionsOf(full), randomUUID())
      expect(saved.probe).toMatchObject({
        connected: false,
        lastError: expect.stringContaining('1000040350') as string
      })
      expect(await world.lark.connections(full.appId)).toEqual([])
      await world.lark.clearFaults()
    })
  })

  it('takes a fault before the endpoint for no refusal of Lark', async () => {
    const own = await world.lark.createApp({ transport: 'long_connection' })
    await world.lark.addFault({ on: 'endpoint', appId: own.appId, times: -1, status: 502 })
    for (const id of [undefined, randomUUID()]) {
      const { probe } = await test(optionsOf(own), id)
      expect(probe).toMatchObject({ connected: false })
      expect(probe!.lastError ?? '').not.toContain('code')
    }
    await world.lark.clearFaults()
  })

  describe('and what the host keeps in the options', () => {
    const credential = { hash: 'a-hash-that-the-host-keeps' }

    it('survives every save', async () => {
      const own = await world.lark.createApp({ transport: 'webhook' })
      const options = optionsOf(own, { connectionMode: 'webhook', verificationToken: own.verificationToken })
      const { id } = await world.admin.createIntegration({ name: 'Kept', options })
      await world.database.query(
        `UPDATE integration SET options = options || jsonb_build_object('webhookCredential', $2::jsonb) WHERE id = $1`,
        [id, JSON.stringify(credential)]
      )
      await world.admin.updateIntegration(id, { options: { ...options, preferLanguage: 'en' } })
      expect((await world.admin.getIntegration(id)).options).toEqual({
        ...options,
        preferLanguage: 'en',
        webhookCredential: credential
      })
      await world.admin.updateIntegration(id, { options: { ...options, webhookCredential: { hash: 'new' } } })
      expect((await world.admin.getIntegration(id)).options).toMatchObject({ webhookCredential: { hash: 'new' } })
    })

    it('keeps a save away while it can not be read', async () => {
      const own = await world.lark.createApp({ transport: 'webhook' })
      const options = optionsOf(own, { connectionMode: 'webhook', verificationToken: own.verificationToken })
      const { id } = await world.admin.createIntegration({ name: 'Unread', options })
      const save = () => world.admin.request<Failure>('PUT', `/api/integration/${id}`, { options })
      await world.host.fault('integration-reads', 'fail')
      try {
        expect(await save()).toMatchObject({
          status: 400,
          body: { message: expect.stringContaining('try again later') as string }
        })
        // Nothing is lost of what is not stored yet.
        await world.admin.createIntegration({ name: 'New meanwhile', options })
      } finally {
        await world.host.fault('integration-reads', 'ok')
      }
      expect((await save()).status).toBe(202)
    })

    it('is shown to nobody of another tenant or organisation who names the id', async () => {
      const [row] = await world.database.query<{ id: string; options: Record<string, unknown> }>(
        `SELECT id, options FROM integration WHERE name = 'Kept'`
      )
      const { webhookCredential: _kept, ...options } = row!.options
      for (const where of [{ organization: 'other' as const }, { tenant: 'second' as const }]) {
        const stranger = world.host.login('admin', where)
        const answer = await stranger.testIntegration({ id: row!.id, options })
        expect(JSON.stringify(answer.body)).not.toContain('webhookCredential')
      }
      expect((await test(options, row!.id)).options).toHaveProperty('webhookCredential')
      expect(TENANTS.second.id).not.toBe(TENANTS.default.id)
    })
  })
})

describe('the test on a server that does not know its address', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ apiBaseUrl: ' ' })
  })

  afterAll(() => world.end())

  it('says so, and shows no URL with a hole in it', async () => {
    const app = await world.lark.createApp({ transport: 'webhook' })
    const options = {
      appId: app.appId,
      appSecret: app.appSecret,
      connectionMode: 'webhook',
      verificationToken: app.verificationToken
    }
    const { id } = await world.admin.createIntegration({ name: 'No address', options })
    const { body } = await world.admin.testIntegration({ id, options })
    expect(body).toEqual({ mode: 'webhook', warnings: [expect.stringContaining('API_BASE_URL')] })
  })

  it('shows the plugin’s own config as a form, takes a good one, and names the field of a bad one', async () => {
    const pluginName = '@xpert-ai/plugin-lark'
    const read = () =>
      world.admin.request<{ config: object; configSchema: { properties: Record<string, { properties: object }> } }>(
        'POST',
        '/api/plugin/configuration',
        { pluginName }
      )
    const put = (config: object) => world.admin.request('PUT', '/api/plugin/configuration', { pluginName, config })
    const endpoints = { feishu: world.lark.url, lark: world.lark.url }
    const { properties } = (await read()).body.configSchema
    expect(Object.keys(properties).sort()).toEqual(['answers', 'endpoints', 'limits', 'retention', 'views'])
    expect((await put({ endpoints, retention: { rowDays: -1 } })).status).toBe(500)
    await eventually('the log names the field', async () => /retention[^]*rowDays/.test(world.host.logs.join('\n')))
    expect((await put({ endpoints, limits: { concurrentMessages: 4 } })).status).toBe(200)
    expect((await read()).body.config).toMatchObject({ limits: { concurrentMessages: 4 } })
  })
})
