import fc from 'fast-check'
import { WebhookRejectedError } from '../../../src/webhook'
import { HttpRequest, toWebhookRequest } from '../../../src/webhook/http'
import { LarkWebhookController } from '../../../src/webhook/lark-webhook.controller'
import { WebhookIntake } from '../../../src/webhook/webhook-intake'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../../support/lark-integration'
import { encrypt, signatureHeaders } from '../../support/signed-request'
import { TestResponse } from '../../support/test-response'
import { webhookOver } from '../../support/webhook-parts'

const KEY = 'test key'

describe('the webhook controller', () => {
  const receive = async (take: () => Promise<object>) => {
    const intake: Pick<WebhookIntake, 'take'> = { take }
    const response = new TestResponse()
    const request = { params: { integrationId: INTEGRATION_ID }, headers: {}, body: {} }
    await new LarkWebhookController(intake as WebhookIntake).receive(request, response)
    return { code: response.code, body: response.body }
  }

  it('answers 200 with what the intake says', async () => {
    expect(await receive(async () => ({ challenge: 'abc' }))).toEqual({ code: 200, body: { challenge: 'abc' } })
  })

  it('answers a rejection with its status and a short reason', async () => {
    const take = () => Promise.reject(new WebhookRejectedError('token', 'The Verification Token does not match'))
    expect(await receive(take)).toEqual({
      code: 401,
      body: { code: 'token', message: 'The Verification Token does not match' }
    })
  })

  it('answers anything unforeseen with 500 and no stack', async () => {
    expect(await receive(() => Promise.reject(new Error('secret trouble')))).toEqual({
      code: 500,
      body: { code: 'internal', message: 'Internal error' }
    })
  })
})

describe('the bytes of a request', () => {
  const bytesOf = (request: Partial<HttpRequest>) => toWebhookRequest({ headers: {}, ...request }).bytes.toString()

  it('are the raw ones where the host keeps them', () => {
    expect(bytesOf({ body: { a: 1 }, rawBody: Buffer.from('{ "a": 1 }') })).toBe('{ "a": 1 }')
  })

  it('are the compact form of what was parsed where it does not', () => {
    expect(bytesOf({ body: { a: 'é/' } })).toBe('{"a":"é/"}')
    expect(bytesOf({})).toBe('null')
  })

  it('of a body that can not be serialised are refused', () => {
    const body = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown
    expect(() => bytesOf({ body })).toThrow(WebhookRejectedError)
  })
})

describe('whatever comes in', () => {
  const keys = [{ verificationToken: 'vtok' }, { encryptKey: KEY }, { verificationToken: 'vtok', encryptKey: KEY }, {}]
  const header = fc.oneof(fc.string(), fc.array(fc.string()))
  const headers = fc.dictionary(
    fc.constantFrom('x-lark-signature', 'x-lark-request-timestamp', 'x-lark-request-nonce', 'content-length'),
    header
  )
  const nearly = fc.record(
    {
      schema: fc.anything(),
      type: fc.oneof(fc.constantFrom('url_verification', 'event_callback'), fc.anything()),
      challenge: fc.anything(),
      token: fc.oneof(fc.constant('vtok'), fc.anything()),
      header: fc.record({
        token: fc.oneof(fc.constant('vtok'), fc.anything()),
        app_id: fc.oneof(fc.constant('cli_0123456789abcdef'), fc.anything()),
        event_id: fc.oneof(fc.string(), fc.anything()),
        event_type: fc.oneof(fc.constantFrom('im.message.receive_v1', 'card.action.trigger'), fc.anything())
      }),
      event: fc.oneof(fc.anything(), fc.record({ message: fc.anything(), context: fc.anything() }))
    },
    { requiredKeys: [] }
  )
  const body = fc.oneof(fc.anything(), fc.jsonValue(), nearly, fc.record({ encrypt: fc.base64String() }))
  const id = fc.oneof({ weight: 4, arbitrary: fc.constant(INTEGRATION_ID) }, fc.uuid(), fc.string())

  const post = async (settings: object, to: string, request: HttpRequest) => {
    const none = { verificationToken: undefined, encryptKey: undefined }
    const { intake, inbox } = webhookOver(new StaticReader(larkIntegration({ ...none, ...settings })))
    const response = new TestResponse()
    await new LarkWebhookController(intake).receive({ params: { integrationId: to }, ...request }, response)
    expect(response.answers).toBe(1)
    expect(JSON.stringify(response.body).length).toBeLessThan(200)
    return { code: response.code, rows: inbox.events.length }
  }

  it('is answered once, and never with a fault of ours', async () => {
    const raw = fc.option(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      { nil: undefined }
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), id, body, headers, raw, async (settings, to, value, head, rawBody) => {
        const { code, rows } = await post(settings, to, { body: value, headers: head, rawBody })
        expect([200, 400, 401, 403, 404, 413]).toContain(code)
        if (code !== 200) expect(rows).toBe(0)
      }),
      { numRuns: 2_000 }
    )
  })

  it('is answered once even when it is signed and encrypted with the right key', async () => {
    const settings = { encryptKey: KEY, verificationToken: 'vtok' }
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly, fc.jsonValue()), async (content) => {
        const sent = { encrypt: encrypt(content, KEY) }
        const bytes = Buffer.from(JSON.stringify(sent))
        const signed = signatureHeaders(bytes, KEY, new Date('2026-03-01T12:00:00Z'))
        const { code } = await post(settings, INTEGRATION_ID, { body: sent, headers: signed })
        expect([200, 400, 401, 403]).toContain(code)
      }),
      { numRuns: 500 }
    )
  })

  it('is refused when one bit of a signed request is another', async () => {
    const content = { challenge: 'abc', token: 'vtok', type: 'url_verification' }
    const bytes = Buffer.from(JSON.stringify({ encrypt: encrypt(content, KEY) }))
    const signed = signatureHeaders(bytes, KEY, new Date('2026-03-01T12:00:00Z'))
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const rawBody = Buffer.from(bytes)
        rawBody[at]! ^= 1 << bit
        const request = { body: JSON.parse(bytes.toString()) as unknown, headers: signed, rawBody }
        expect((await post({ encryptKey: KEY }, INTEGRATION_ID, request)).code).toBe(401)
      })
    )
  })
})
