import { randomUUID } from 'node:crypto'
import { deterministicUuid } from '../../src/shared'
import { eventually } from '../support/eventually'
import { flood } from '../support/flood'
import { HUNG_UP, encryptedEvent, plainEvent, postTo, Sent, signedBy } from '../support/webhook-requests'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 4 } as const
const MIB = 1024 * 1024
const HOUR_MS = 3_600_000

const FLOOD = 10_000
const WARM_UP = 2_000
/** Less than an id and its place in a map: whatever is kept for each request is seen. */
const BYTES_A_REQUEST = 60

let world: World
let plain: Bot
let encrypted: Bot
let socket: Bot

beforeAll(async () => {
  world = await World.create()
  await world.startHost()
  plain = await world.hire('webhook', ANSWER, { encryptKey: '' })
  encrypted = await world.hire('webhook', ANSWER, { encryptKey: 'a key' })
  socket = await world.hire('long_connection', ANSWER)
})

afterAll(() => world.end())

const post = (sent: Sent) => postTo(world.host.url, sent)
const rows = async (): Promise<number> => {
  const [counted] = await world.database.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM plugin_lark_inbound_event'
  )
  return counted!.n
}
const runs = async (): Promise<number> => {
  const all = await Promise.all([plain, encrypted, socket].map(({ expertId }) => world.admin.runs(expertId)))
  return all.flat().length
}
const toPlain = (body: string): Sent => ({ id: plain.integrationId, body })
const ago = (ms: number): Date => new Date(Date.now() - ms)

/** What `sent` was signed for, with something else in its place. */
const instead = (sent: Sent, body: (signed: string) => string): Sent => ({ ...sent, body: body(sent.body) })

describe('a request that is not what Lark sends', () => {
  const table: [string, number, string, () => Sent][] = [
    ['an id that is none', 404, 'unknown_integration', () => ({ id: 'nonsense', body: plainEvent(plain) })],
    ['an unknown integration', 404, 'unknown_integration', () => ({ id: randomUUID(), body: plainEvent(plain) })],
    ['the other mode', 403, 'wrong_mode', () => ({ id: socket.integrationId, body: plainEvent(socket) })],
    ['JSON that is no event', 400, 'malformed', () => toPlain('[1,2]')],
    ['JSON that ends in the middle', 400, '', () => toPlain(plainEvent(plain).slice(0, 200))],
    ['a body that is nested 100,000 times', 400, 'malformed', () => toPlain('['.repeat(1e5) + ']'.repeat(1e5))],
    ['a wrong token', 401, 'token', () => toPlain(plainEvent(plain, { token: 'wrong' }))],
    ['no token', 401, 'token', () => toPlain(plainEvent(plain, { token: '' }))],
    ['another app', 403, 'wrong_app', () => toPlain(plainEvent(plain, { appId: encrypted.app.appId }))],
    ['an encrypted body where no key is set', 403, 'encrypt_key_missing', () => toPlain(encryptedEvent(encrypted))],
    [
      'no signature',
      401,
      'signature_missing',
      () => ({ id: encrypted.integrationId, body: encryptedEvent(encrypted) })
    ],
    ['a forged signature', 401, 'signature', () => signedBy(encrypted, encryptedEvent(encrypted), { key: 'a guess' })],
    [
      'a plain event where events are encrypted',
      401,
      'encryption_required',
      () => signedBy(encrypted, plainEvent(encrypted))
    ],
    ['a wrong token inside', 401, 'token', () => signedBy(encrypted, encryptedEvent(encrypted, { token: 'wrong' }))],
    [
      'another app inside',
      403,
      'wrong_app',
      () => signedBy(encrypted, encryptedEvent(encrypted, { appId: plain.app.appId }))
    ],
    [
      'a replay after nine hours',
      401,
      'timestamp',
      () => signedBy(encrypted, encryptedEvent(encrypted), { at: ago(9 * HOUR_MS) })
    ],
    [
      'a replay with a fresh timestamp',
      401,
      'signature',
      () => {
        const sent = signedBy(encrypted, encryptedEvent(encrypted), { at: ago(9 * HOUR_MS) })
        const now = String(Math.trunc(Date.now() / 1000))
        return { ...sent, headers: { ...sent.headers, 'x-lark-request-timestamp': now } }
      }
    ],
    [
      'truncated ciphertext',
      401,
      'undecryptable',
      () => signedBy(encrypted, encryptedEvent(encrypted).replace(/.{40}"}$/, '"}'))
    ],
    ['ciphertext that is garbage', 401, 'undecryptable', () => signedBy(encrypted, '{"encrypt":"Z2FyYmFnZQ=="}')],
    [
      'a truncated body under the signature of the whole',
      401,
      'signature',
      () => instead(signedBy(encrypted, encryptedEvent(encrypted)), (body) => body.replace(/.{40}"}$/, '"}'))
    ],
    [
      're-ordered fields under the signature of the others',
      401,
      'signature',
      () => {
        const { encrypt } = JSON.parse(encryptedEvent(encrypted)) as { encrypt: string }
        const sent = signedBy(encrypted, JSON.stringify({ encrypt, more: 1 }))
        return instead(sent, () => JSON.stringify({ more: 1, encrypt }))
      }
    ],
    ['2 MiB', 413, 'too_large', () => toPlain(JSON.stringify({ text: 'x'.repeat(2 * MIB) }))],
    ['2 MiB, signed', 413, 'too_large', () => signedBy(encrypted, JSON.stringify({ encrypt: 'A'.repeat(2 * MIB) }))],
    ['60 MB, which the server itself refuses', 413, '', () => toPlain(JSON.stringify({ text: 'x'.repeat(60e6) }))]
  ]

  it.each(table)('is refused: %s, %i %s', async (_what, status, code, sent) => {
    const before = [await rows(), await runs()]

    const answer = await post(sent())

    // The server itself refuses what is far too large without reading it: its 413 may get lost behind the hang-up.
    if (code === '') expect([status, HUNG_UP]).toContain(answer.status)
    else expect(answer.status).toBe(status)
    if (code !== '') expect(JSON.parse(answer.text)).toMatchObject({ code, message: expect.any(String) })
    expect(answer.text.length).toBeLessThan(300)
    expect(answer.text).not.toMatch(/ at \S+ \(|node_modules|\.ts|\.js\b/)
    expect([await rows(), await runs()]).toEqual(before)
  })

  it('is acknowledged, without a row, when it is an event that is not handled', async () => {
    const before = await rows()
    expect((await post(toPlain(plainEvent(plain, { type: 'im.chat.updated_v1' })))).status).toBe(200)
    expect(await rows()).toBe(before)
  })

  it('is one row when it is a captured one that is sent again', async () => {
    const before = await rows()
    const captured = signedBy(encrypted, encryptedEvent(encrypted), { at: ago(7 * HOUR_MS) })
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(captured)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(await rows()).toBe(before + 1)
    await world.admin.waitForRuns(encrypted.expertId, 1)
    expect(await world.admin.runs(encrypted.expertId)).toHaveLength(1)
  })

  it('does nothing to what Lark sends', async () => {
    for (const bot of [plain, encrypted]) {
      expect(await world.lark.verifyWebhook(bot.app.appId)).toMatchObject({ ok: true, status: 200 })
      const { userId } = await world.person()
      const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'still there?' })
      await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
    }
  })
})

describe('while the host can not read integrations', () => {
  beforeAll(async () => {
    // Longer than an integration is cached.
    await world.host.changeClock({ advanceMs: 11_000 })
    await world.host.fault('integration-reads', 'fail')
  })

  afterAll(() => world.host.fault('integration-reads', 'ok'))

  it('asks Lark to deliver again what is for an integration that exists', async () => {
    expect(await post(toPlain(plainEvent(plain)))).toMatchObject({ status: 503 })
    expect(await post({ id: randomUUID(), body: '{}' })).toMatchObject({ status: 404 })
  })

  it('does not remember it', async () => {
    await world.host.fault('integration-reads', 'ok')
    expect(await post(toPlain(plainEvent(plain)))).toMatchObject({ status: 200 })
  })
})

describe('a flood', () => {
  const forged = (): Sent => signedBy(encrypted, encryptedEvent(encrypted), { key: 'a guess' })
  const wrongToken = (): Sent => toPlain(plainEvent(plain, { token: 'wrong' }))

  it.each<[string, number, (index: number) => Sent]>([
    ['requests that are refused', 401, (index) => (index % 2 === 0 ? forged() : wrongToken())],
    ['unknown ids', 404, (index) => ({ id: deterministicUuid('nobody', String(index)), body: '{"a":1}' })]
  ])(
    `of ${FLOOD} %s leaves no row, no run, no line a request and no memory behind`,
    async (_what, status, sent) => {
      // Code is compiled, and kept from now on, and caches are filled first: what grows afterwards grows with the requests.
      await world.host.memory()
      expect(await flood(world.host.url, WARM_UP, (index) => sent(-index - 1))).toEqual({ [status]: WARM_UP })
      const before = { rows: await rows(), runs: await runs(), lines: world.host.logs.length }
      const { heapUsed, rss } = await world.host.memory()

      expect(await flood(world.host.url, FLOOD, sent)).toEqual({ [status]: FLOOD })

      expect({ rows: await rows(), runs: await runs() }).toEqual({ rows: before.rows, runs: before.runs })
      expect(world.host.logs.length - before.lines).toBeLessThan(20)
      await eventually(`the heap grew by less than ${BYTES_A_REQUEST} bytes a request`, async () => {
        const now = await world.host.memory()
        return now.heapUsed - heapUsed < FLOOD * BYTES_A_REQUEST
      })
      // Garbage that the process has not given back counts here.
      expect((await world.host.memory()).rss).toBeLessThan(rss * 2)
    },
    180_000
  )

  it('is shown by Status, with the last reason', async () => {
    const { body } = await world.admin.viewData<{ summary: Record<string, unknown> }>(
      encrypted.integrationId,
      'lark_integration__status'
    )
    expect(body.summary).toMatchObject({
      state: 'waits for calls of Lark',
      errors: expect.stringMatching(
        /^\d{4}-\d\d-\d\d \d\d:\d\d UTC .*its signature does not fit.* \(6\d{3} more, see Diagnosis\)$/
      )
    })
  })

  it('is shown by the Status of another instance, once the first one’s heart beats', async () => {
    const first = world.host
    await world.startHost()
    await first.changeClock({ advanceMs: 11_000 })
    await eventually('the other instance counts it', async () => {
      const { body } = await world.admin.viewData<{ summary: { errors: string } }>(
        encrypted.integrationId,
        'lark_integration__status'
      )
      return /\(6\d{3} more, see Diagnosis\)$/.test(body.summary.errors)
    })
  })
})

describe('an integration with neither token nor key', () => {
  it('refuses everything, and Status says so', async () => {
    const app = await world.lark.createApp({ transport: 'webhook', name: 'Open' })
    const { appId, appSecret } = app
    const { id } = await world.admin.createIntegration({
      name: 'Open',
      options: { appId, appSecret, connectionMode: 'webhook' }
    })
    const challenge = JSON.stringify({ type: 'url_verification', challenge: 'abc', token: '' })
    expect(await post({ id, body: challenge })).toMatchObject({ status: 403 })
    const { body } = await world.admin.viewData<{ summary: object }>(id, 'lark_integration__status')
    expect(body.summary).toMatchObject({
      state: 'not configured',
      errors: expect.stringMatching(/neither a Verification Token nor[^(]*$/)
    })
    const [status] = await world.admin.views(id)
    expect(status).toMatchObject({ badge: { value: 'not configured' } })
  })
})
