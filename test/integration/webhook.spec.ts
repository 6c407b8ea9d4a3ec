import { INestApplication, MiddlewareConsumer, Module, NestModule } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { AddressInfo } from 'node:net'
import { DataSource } from 'typeorm'
import { LarkSimulator, SimApp } from '../../playground/lark-simulator/client'
import { InstanceIdentity, InstanceRegistry } from '../../src/cluster'
import { Inbox, inboxEntities, InboxRepository, NewInboundEvent } from '../../src/inbox'
import { CardAction, CardActionResponder, CardResponse } from '../../src/lark'
import { IntegrationReader } from '../../src/settings'
import { Clock, SystemClock } from '../../src/shared'
import { webhookControllers, webhookProviders, WebhookScopeMiddleware } from '../../src/webhook'
import { createTestDatabase, TestDatabase } from '../support/database'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../support/lark-integration'

class StoringInbox extends Inbox {
  isDown = false

  constructor(private readonly repository: InboxRepository) {
    super()
  }

  async accept(event: NewInboundEvent): Promise<'accepted' | 'duplicate'> {
    if (this.isDown) throw new Error('the database is away')
    return (await this.repository.insert(event, new Date())) ? 'accepted' : 'duplicate'
  }
}

class ToastResponder extends CardActionResponder {
  async respond(action: CardAction): Promise<CardResponse> {
    return { toast: { type: 'success', content: `heard ${String(action.value['choice'])}` } }
  }
}

describe('the webhook on a simulated Lark', () => {
  let lark: LarkSimulator
  let database: TestDatabase
  let dataSource: DataSource
  let host: INestApplication
  let hostUrl: string
  let inbox: StoringInbox
  let app: SimApp
  const reader = new StaticReader()
  const scopes: unknown[] = []

  const startHost = async () => {
    inbox = new StoringInbox(new InboxRepository(dataSource))
    @Module({
      controllers: webhookControllers,
      providers: [
        ...webhookProviders,
        { provide: Inbox, useFactory: () => inbox },
        { provide: IntegrationReader, useFactory: () => reader },
        { provide: CardActionResponder, useClass: ToastResponder },
        { provide: Clock, useClass: SystemClock },
        { provide: InstanceRegistry, useFactory: () => new InstanceRegistry(dataSource, new InstanceIdentity()) }
      ]
    })
    class HostModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        const note = (request: { headers: Record<string, unknown> }, _response: unknown, next: () => void) => {
          scopes.push(request.headers['tenant-id'])
          next()
        }
        consumer.apply(WebhookScopeMiddleware, note).forRoutes('lark/webhook/:integrationId')
      }
    }
    host = await NestFactory.create(HostModule, { logger: ['error'] })
    host.setGlobalPrefix('api')
    await host.listen(0, '127.0.0.1')
    return `http://127.0.0.1:${(host.getHttpServer().address() as AddressInfo).port}`
  }

  const useApp = async (patch: Partial<SimApp>) => {
    app = await lark.createApp({ transport: 'webhook', name: 'Helper', ...patch })
    const { appId, appSecret, verificationToken, encryptKey } = app
    reader.integrations.set(
      INTEGRATION_ID,
      larkIntegration({ appId, appSecret, verificationToken, encryptKey: encryptKey || undefined })
    )
    app = await lark.updateApp(appId, { webhookUrl: `${hostUrl}/api/lark/webhook/${INTEGRATION_ID}` })
  }
  const say = async (text: string) => {
    const { userId } = await lark.createUser({ name: 'Ann' })
    const { messageId } = await lark.say({ userId, appId: app.appId, text })
    for (;;) {
      const [delivery] = await lark.deliveries({ messageId })
      if (delivery?.endedAt !== undefined) return { messageId, delivery }
    }
  }
  const rows = () => database.query(`SELECT dedup_key, payload FROM plugin_lark_inbound_event`)

  beforeAll(async () => {
    lark = await LarkSimulator.spawn()
    database = await createTestDatabase()
    dataSource = await new DataSource({
      type: 'postgres',
      url: database.url,
      entities: inboxEntities,
      synchronize: true
    }).initialize()
    hostUrl = await startHost()
  })

  beforeEach(async () => {
    inbox.isDown = false
    scopes.length = 0
    await database.query('TRUNCATE plugin_lark_inbound_event')
  })

  afterAll(async () => {
    await host?.close()
    await dataSource?.destroy()
    await database?.drop()
    await lark?.stop()
  })

  it.each([
    ['plain', ''],
    ['encrypted', 'an encrypt key']
  ])('answers the challenge and stores a message, %s', async (_name, encryptKey) => {
    await useApp({ encryptKey })
    expect(await lark.verifyWebhook(app.appId)).toMatchObject({ ok: true, status: 200 })
    const { messageId, delivery } = await say('hello "world" é 🎉 <tag>')
    expect(delivery).toMatchObject({ ok: true, status: 200, attempt: 1 })
    const [row] = await rows()
    expect(row?.['dedup_key']).toBe(`message:${messageId}`)
    expect(row?.['payload']).not.toContain(app.verificationToken)
    expect(new Set(scopes)).toEqual(new Set(['tenant-1']))
  })

  it('answers a click with a toast', async () => {
    await useApp({ encryptKey: 'key' })
    await lark.push({
      appId: app.appId,
      eventType: 'card.action.trigger',
      event: {
        operator: { open_id: 'ou_1' },
        action: { tag: 'button', value: { choice: 'no' } },
        context: { open_message_id: 'om_1', open_chat_id: 'oc_1' }
      }
    })
    await lark.settled()
    const [delivery] = await lark.deliveries({ appId: app.appId })
    expect(delivery?.responseBody).toEqual({ toast: { type: 'success', content: 'heard no' } })
  })

  it('refuses what was signed with another key, and stores nothing', async () => {
    await useApp({ encryptKey: 'key' })
    await lark.updateApp(app.appId, { encryptKey: 'another key' })
    expect((await say('hello')).delivery).toMatchObject({ ok: false, status: 401, responseBody: { code: 'signature' } })
    expect(await rows()).toEqual([])
  })

  it('asks for another delivery while the database is away', async () => {
    await useApp({})
    inbox.isDown = true
    expect((await say('hello')).delivery).toMatchObject({
      ok: false,
      status: 503,
      responseBody: { code: 'unavailable' }
    })
  })

  it.each<[string, string, string, number]>([
    ['an unknown integration', '0e0f3c77-52f5-4d6e-a2b4-4f2f3d1f8a10', '{}', 404],
    ['an id that is no id', 'nonsense', '{}', 404],
    ['malformed JSON', INTEGRATION_ID, '{"a":', 400],
    ['no event', INTEGRATION_ID, '{}', 400]
  ])('answers %s with small JSON and no stack', async (_name, id, body, status) => {
    await useApp({})
    const answer = await fetch(`${hostUrl}/api/lark/webhook/${id}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' }
    })
    expect(answer.status).toBe(status)
    expect(await answer.text()).not.toMatch(/ at |\.ts|node_modules/)
    expect(await rows()).toEqual([])
  })

  it('refuses a body that is no JSON by its type', async () => {
    await useApp({})
    const answer = await fetch(`${hostUrl}/api/lark/webhook/${INTEGRATION_ID}`, {
      method: 'POST',
      body: 'hello',
      headers: { 'content-type': 'text/plain' }
    })
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { code: 'malformed', message: 'The body is not a JSON object' }
    ])
  })
})
