import { MiddlewareConsumer, Module, NestModule } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { NestExpressApplication } from '@nestjs/platform-express'
import fc from 'fast-check'
import { AddressInfo } from 'node:net'
import { InstanceRegistry } from '../../src/cluster'
import { Inbox } from '../../src/inbox'
import { CardActionResponder } from '../../src/lark'
import { IntegrationReader } from '../../src/settings'
import { Clock, SystemClock } from '../../src/shared'
import { webhookControllers, webhookProviders, WebhookScopeMiddleware } from '../../src/webhook'
import { larkFixture } from '../support/lark-fixture'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../support/lark-integration'
import { encrypt, signatureHeaders } from '../support/signed-request'
import { aloneInstance, MemoryInbox, TestResponder } from '../support/webhook-parts'

const KEY = 'test key'

describe.each([
  ['keeps raw bodies', true],
  ['keeps none', false]
])('the webhook on a host that %s', (_what, rawBody) => {
  const reader = new StaticReader(larkIntegration({ encryptKey: KEY }))
  const inbox = new MemoryInbox()
  let host: NestExpressApplication
  let url: string

  beforeAll(async () => {
    @Module({
      controllers: webhookControllers,
      providers: [
        ...webhookProviders,
        { provide: Inbox, useFactory: () => inbox },
        { provide: IntegrationReader, useFactory: () => reader },
        { provide: CardActionResponder, useFactory: () => new TestResponder(inbox) },
        { provide: Clock, useClass: SystemClock },
        { provide: InstanceRegistry, useFactory: aloneInstance }
      ]
    })
    class HostModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply(WebhookScopeMiddleware).forRoutes('lark/webhook/:integrationId')
      }
    }
    host = await NestFactory.create<NestExpressApplication>(HostModule, { rawBody, logger: false })
    host.useBodyParser('json', { limit: '50mb' })
    await host.listen(0, '127.0.0.1')
    const { port } = host.getHttpServer().address() as AddressInfo
    url = `http://127.0.0.1:${port}/lark/webhook/${INTEGRATION_ID}`
  })

  beforeEach(() => {
    inbox.events.length = 0
    reader.integrations.set(INTEGRATION_ID, larkIntegration({ encryptKey: KEY }))
  })

  afterAll(() => host.close())

  const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
    const type = { 'content-type': 'application/json;charset=utf-8' }
    const answer = await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } })
    return { status: answer.status, text: await answer.text() }
  }
  const signed = (body: string) => post(body, signatureHeaders(Buffer.from(body), KEY, new Date()))
  const encrypted = () => encrypt(larkFixture('message-direct-text'), KEY)

  it('takes the compact body that Lark sends', async () => {
    expect((await signed(JSON.stringify({ encrypt: encrypted() }))).status).toBe(200)
    expect(inbox.events).toHaveLength(1)
  })

  it.each([
    ['blanks and line ends', () => `{ "encrypt" :\r\n\t"${encrypted()}" }\n`],
    ['escapes', () => `{"encrypt":"${encrypted().replace(/A/g, '\\u0041').replaceAll('/', '\\/')}"}`],
    ['a field that comes twice', () => `{"encrypt":"other","encrypt":"${encrypted()}"}`],
    ['fields that a parser puts in another order', () => `{"z":1,"encrypt":"${encrypted()}","1":"first"}`]
  ])('verifies a signed body with %s where it has the bytes, and refuses it where it has not', async (_what, body) => {
    const { status, text } = await signed(body())
    expect(status).toBe(rawBody ? 200 : 401)
    if (!rawBody) expect(JSON.parse(text)).toMatchObject({ code: 'signature' })
    expect(inbox.events).toHaveLength(rawBody ? 1 : 0)
  })

  it('verifies compact fields in any order', async () => {
    expect((await signed(`{"extra":[1,{"b":null}],"encrypt":"${encrypted()}"}`)).status).toBe(200)
  })

  it('does not care for blanks, escapes and order where only the token counts', async () => {
    reader.integrations.set(INTEGRATION_ID, larkIntegration())
    const { schema, header, event } = larkFixture('message-direct-text')
    const body = JSON.stringify({ event, header, schema }, null, 2).replaceAll('/', '\\/').replaceAll('é', '\\u00e9')
    expect((await post(body)).status).toBe(200)
    expect(inbox.events).toHaveLength(1)
  })

  it('refuses a body of more than 1 MiB, declared or in chunks', async () => {
    const body = JSON.stringify({ encrypt: 'A'.repeat(1024 * 1024) })
    expect(await post(body)).toMatchObject({ status: 413, text: expect.stringContaining('too_large') })
    const headers = { 'content-type': 'application/json' }
    const inChunks = { method: 'POST', body: new Blob([body]).stream(), headers, duplex: 'half' }
    const answer = await fetch(url, inChunks as RequestInit)
    expect([answer.status, await answer.json()]).toEqual([413, expect.objectContaining({ code: 'too_large' })])
  })

  it('answers bytes of any kind with a small refusal', async () => {
    const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', 'image/png', '')
    const json = fc.json().map((text) => Buffer.from(text))
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 400 }), json).map((content) => new Uint8Array(content))
    await fc.assert(
      fc.asyncProperty(bytes, type, async (body, contentType) => {
        const { status, text } = await post(body, { 'content-type': contentType })
        expect([400, 401, 415]).toContain(status)
        expect(text.length).toBeLessThan(300)
        expect(text).not.toMatch(/\n\s+at |node_modules|\.ts/)
      }),
      { numRuns: 200 }
    )
    expect(inbox.events).toEqual([])
  })
})
