import { WebhookActivity, WebhookRejectedError } from '../../../src/webhook'
import { toWebhookRequest } from '../../../src/webhook/http'
import { WebhookIntake } from '../../../src/webhook/webhook-intake'
import { larkFixture, LarkFixture } from '../../support/lark-fixture'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../../support/lark-integration'
import { MemoryInbox, TestResponder, webhookOver } from '../../support/webhook-parts'

describe('the webhook', () => {
  let inbox: MemoryInbox
  let reader: StaticReader
  let responder: TestResponder
  let intake: WebhookIntake
  let activity: WebhookActivity

  const post = (body: unknown, id = INTEGRATION_ID) =>
    intake.take(id, { body, bytes: Buffer.from(JSON.stringify(body) ?? ''), headers: {} })
  const deliver = (name: LarkFixture) => post(larkFixture(name))
  const rejection = async (answer: Promise<object>): Promise<string> => {
    const error: unknown = await answer.then(
      () => undefined,
      (thrown: unknown) => thrown
    )
    if (!(error instanceof WebhookRejectedError)) throw new Error(`not rejected: ${String(error)}`)
    return `${error.status} ${error.code}`
  }

  beforeEach(() => {
    reader = new StaticReader(larkIntegration())
    ;({ inbox, responder, intake, activity } = webhookOver(reader))
  })

  it('stores a message and answers an empty object', async () => {
    expect(await deliver('message-group-mention')).toEqual({})
    expect(inbox.events).toMatchObject([
      {
        inboxKey: 'tenant-1:organization-1:feishu:cli_0123456789abcdef',
        dedupKey: 'message:om_1',
        tenantId: 'tenant-1',
        organizationId: 'organization-1',
        integrationId: INTEGRATION_ID,
        chatId: 'oc_1'
      }
    ])
  })

  it('answers the URL challenge and stores nothing', async () => {
    expect(await deliver('url-verification')).toEqual({ challenge: 'abc' })
    expect(inbox.events).toEqual([])
  })

  it('answers a click with what the responder says of it before it is stored and done', async () => {
    expect(await deliver('card-action')).toEqual({ toast: { type: 'info', content: 'heard' } })
    expect(responder.storedBefore).toBe(0)
    expect(responder.actions).toMatchObject([{ messageId: 'om_1', operatorOpenId: 'ou_1' }])
  })

  it('refuses a click without its card', async () => {
    const raw = larkFixture('card-action')
    expect(await rejection(post({ ...raw, event: { ...(raw['event'] as object), context: {} } }))).toBe('400 malformed')
    expect(inbox.events).toEqual([])
  })

  it('ignores events that it does not handle', async () => {
    expect(await deliver('chat-disbanded')).toEqual({})
    expect(await deliver('legacy-p2p-chat-create')).toEqual({})
    expect(inbox.events).toEqual([])
  })

  it('looks nothing up for an id that is no id', async () => {
    expect(await rejection(post(larkFixture('message-direct-text'), 'not-a-uuid'))).toBe('404 unknown_integration')
    expect(reader.reads).toBe(0)
  })

  it('does not know an integration that the host does not know', async () => {
    reader.integrations.clear()
    expect(await rejection(deliver('message-direct-text'))).toBe('404 unknown_integration')
  })

  it('refuses an integration in the other mode', async () => {
    reader.integrations.set(INTEGRATION_ID, larkIntegration({ connectionMode: 'long_connection' }))
    expect(await rejection(deliver('message-direct-text'))).toBe('403 wrong_mode')
    expect(await rejection(deliver('url-verification'))).toBe('403 wrong_mode')
  })

  it('asks Lark to deliver again when the event can not be stored or the integration not be read', async () => {
    inbox.failure = new Error('the database is away')
    expect(await rejection(deliver('message-direct-text'))).toBe('503 unavailable')
    reader.failure = new Error('the host is away')
    expect(await rejection(deliver('message-direct-text'))).toBe('503 unavailable')
  })

  it('refuses a body that is too large before it looks at it', async () => {
    const body = { ...larkFixture('message-direct-text'), ballast: 'x'.repeat(1024 * 1024) }
    expect(await rejection(post(body))).toBe('413 too_large')
    expect(inbox.events).toEqual([])
  })

  it('measures a body by what its sender declares, before it is serialised', async () => {
    const request = {
      body: {},
      headers: { 'content-length': String(2 * 1024 * 1024) },
      get bytes(): Buffer {
        throw new Error('serialised')
      }
    }
    expect(await rejection(intake.take(INTEGRATION_ID, request))).toBe('413 too_large')
  })

  it.each<[string, unknown]>([
    ['a text', { encrypt: 'x'.repeat(1024 * 1024) }],
    ['many values', { list: Array.from({ length: 1024 * 1024 }, () => 0) }],
    ['many names', Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`name number ${index}`, null]))],
    ['depth', JSON.parse('['.repeat(1_100_000) + ']'.repeat(1_100_000))]
  ])('measures a body of unknown length before it is serialised: %s', async (_what, body) => {
    const request = {
      body,
      headers: {},
      get bytes(): Buffer {
        throw new Error('serialised')
      }
    }
    expect(await rejection(intake.take(INTEGRATION_ID, request))).toBe('413 too_large')
  })

  it('refuses in the other mode, and counts, what is nested too deeply to be measured', async () => {
    reader.integrations.set(INTEGRATION_ID, larkIntegration({ connectionMode: 'long_connection' }))
    const body = JSON.parse(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`) as unknown
    const take = (settings: unknown) => intake.take(INTEGRATION_ID, toWebhookRequest({ body: settings, headers: {} }))
    expect(await rejection(take(body))).toBe('403 wrong_mode')
    expect(await activity.of(INTEGRATION_ID)).toMatchObject({ rejected: 1, lastRejection: { isProven: false } })
    reader.integrations.set(INTEGRATION_ID, larkIntegration())
    expect(await rejection(take(body))).toBe('400 malformed')
    expect(await activity.of(INTEGRATION_ID)).toMatchObject({ rejected: 2 })
  })

  it('counts what it accepts, does not handle and refuses', async () => {
    await deliver('message-direct-text')
    await deliver('url-verification')
    await deliver('chat-disbanded')
    await rejection(post({}))
    await rejection(post({ encrypt: 'x' }))
    await rejection(post({}, 'nonsense'))
    expect(await activity.of(INTEGRATION_ID)).toMatchObject({
      accepted: 1,
      lastProven: { at: new Date('2026-03-01T12:00:00Z') },
      lastAcceptedAt: new Date('2026-03-01T12:00:00Z'),
      unhandled: 1,
      rejected: 2,
      lastRejection: { code: 'encrypt_key_missing', at: new Date('2026-03-01T12:00:00Z') }
    })
  })
})
