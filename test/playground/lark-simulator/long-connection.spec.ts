import type { WSClient } from '@larksuiteoapi/node-sdk'
import { request } from 'node:http'
import { LarkSimulator, SimApp, SimUser } from '../../../playground/lark-simulator/client'
import { connect, dispatcherFor } from './bot'

describe('the long connection', () => {
  let sim: LarkSimulator
  let user: SimUser
  let app: SimApp
  let heard: string[]
  const open: WSClient[] = []

  beforeAll(async () => {
    sim = await LarkSimulator.spawn()
    user = await sim.createUser({ name: 'Ann' })
  })
  beforeEach(async () => {
    app = await sim.createApp({ transport: 'long_connection', name: 'Bot', encryptKey: 'never used here' })
    heard = []
  })
  afterEach(async () => {
    for (const client of open.splice(0)) client.close({ force: true })
    await sim.clearFaults()
    await sim.cancelRetries()
  })
  afterAll(() => sim.stop())

  const say = (text: string) => sim.say({ userId: user.userId, appId: app.appId, text })
  const hear = (name = '') =>
    dispatcherFor({
      'im.message.receive_v1': (data: { message: { content: string } }) =>
        void heard.push(name + (JSON.parse(data.message.content) as { text: string }).text)
    })
  const bot = async (dispatcher = hear(), options?: object): Promise<WSClient> => {
    const client = await connect(sim, app, dispatcher, options)
    open.push(client)
    return client
  }
  const endpoint = (body: object): Promise<{ code: number; data: { URL: string; ClientConfig: object } | null }> =>
    fetch(`${sim.url}/callback/ws/endpoint`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body)
    }).then((answer) => answer.json() as never)

  it('brings events to the official WSClient in plain text and takes its acknowledgement', async () => {
    await bot()
    const { messageId } = await say('héllo 你好')
    await sim.settled()
    expect(heard).toEqual(['héllo 你好'])
    const [connection] = await sim.connections(app.appId)
    expect(await sim.deliveries({ messageId })).toMatchObject([
      { ok: true, status: 200, transport: 'long_connection', connectionId: connection.connectionId }
    ])
    expect(connection.lastPingAt).toBeGreaterThan(0)
  })

  it('gives an event to one of several connections, never to all', async () => {
    await bot(hear('a:'))
    await bot(hear('b:'))
    for (let count = 0; count < 30; count += 1) await say(String(count))
    await sim.settled()
    expect(heard).toHaveLength(30)
    expect(new Set(heard.map((text) => text.slice(0, 1)))).toEqual(new Set(['a', 'b']))
  })

  it('repeats on code 500, on silence and after a lost connection, with the same event', async () => {
    let failures = 1
    await bot(
      dispatcherFor({
        'im.message.receive_v1': () => {
          if (failures-- > 0) throw new Error('busy')
        }
      })
    )
    const failed = await say('try again')
    expect(await sim.waitForDelivery({ messageId: failed.messageId, attempt: 1 })).toMatchObject({
      ok: false,
      status: 500,
      error: 'nack'
    })
    await sim.settled(5000, { ignoreRetries: true })
    await sim.changeClock({ advanceMs: 15_000 })
    await sim.waitForDelivery({ messageId: failed.messageId, attempt: 2, ok: true })
    await sim.halfOpen(app.appId, true)
    const silent = await say('hello?')
    await sim.changeClock({ advanceMs: 3000 })
    expect(await sim.waitForDelivery({ messageId: silent.messageId, attempt: 1 })).toMatchObject({
      ok: false,
      error: 'timeout'
    })
    await sim.halfOpen(app.appId, false)
    await sim.settled(5000, { ignoreRetries: true })
    await sim.changeClock({ advanceMs: 15_000 })
    await sim.waitForDelivery({ messageId: silent.messageId, attempt: 2, ok: true })
    const ids = (await sim.deliveries({ messageId: silent.messageId })).map(({ eventId }) => eventId)
    expect(new Set(ids).size).toBe(1)
  })

  it('keeps an event for the ladder while nobody is connected', async () => {
    const { messageId } = await say('is there anybody')
    expect(await sim.waitForDelivery({ messageId })).toMatchObject({ ok: false, error: 'no_connection' })
    await bot()
    await sim.changeClock({ advanceMs: 15_000 })
    await sim.settled()
    expect(heard).toEqual(['is there anybody'])
  })

  it('cuts an event into fragments that arrive in another order', async () => {
    await bot()
    await sim.addFault({ on: 'delivery', appId: app.appId, fragments: 7, shuffleFragments: true })
    await say('ein längerer Text mit Umlauten: äöü '.repeat(20))
    await sim.settled()
    expect(heard).toEqual(['ein längerer Text mit Umlauten: äöü '.repeat(20)])
  })

  it('refuses the 51st connection', async () => {
    const credentials = { AppID: app.appId, AppSecret: app.appSecret }
    const sockets: WebSocketLike[] = []
    for (let count = 0; count < 50; count += 1)
      sockets.push(await openSocket((await endpoint(credentials)).data?.URL ?? ''))
    await sim.waitForConnections(app.appId, 50)
    expect(await endpoint(credentials)).toMatchObject({ code: 1000040350, data: { URL: '' } })
    for (const socket of sockets) socket.close()
    await sim.waitForConnections(app.appId, 0)
  })

  it('answers the endpoint like the platform, also when it refuses', async () => {
    const good = await endpoint({ AppID: app.appId, AppSecret: app.appSecret })
    expect(good).toMatchObject({
      code: 0,
      data: { ClientConfig: { ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 } }
    })
    expect([...new URL(good.data?.URL ?? '').searchParams.keys()][0]).toBe('fpid')
    expect(await endpoint({ AppID: 'cli_0000000000000000', AppSecret: 'x' })).toMatchObject({
      code: 1000040346,
      data: { URL: '' }
    })
    expect(await endpoint({ AppID: app.appId, AppSecret: 'x' })).toMatchObject({ code: 514, data: { URL: '' } })
    await sim.addFault({ on: 'endpoint', appId: app.appId, nullData: true })
    expect(await endpoint({ AppID: app.appId, AppSecret: app.appSecret })).toEqual({ code: 0, msg: '', data: null })
    await sim.addFault({ on: 'endpoint', appId: app.appId, code: 1 })
    expect(await endpoint({ AppID: app.appId, AppSecret: app.appSecret })).toMatchObject({ code: 1, data: { URL: '' } })
  })

  it('takes a ticket once and says why it refuses an upgrade', async () => {
    const url = (await endpoint({ AppID: app.appId, AppSecret: app.appSecret })).data?.URL ?? ''
    const socket = await openSocket(url)
    expect(await upgradeHeaders(url)).toMatchObject({ 'handshake-status': '403' })
    socket.close()
    await sim.addFault({ on: 'handshake', appId: app.appId, status: 514 })
    const next = (await endpoint({ AppID: app.appId, AppSecret: app.appSecret })).data?.URL ?? ''
    expect(await upgradeHeaders(next)).toMatchObject({ 'handshake-status': '514' })
  })

  it('sends a ping interval that the client follows, and no pong where a fault says so', async () => {
    await sim.setClientConfig({ PingInterval: 1, ReconnectInterval: 1, ReconnectNonce: 0 })
    await sim.addFault({ on: 'pong', appId: app.appId, never: true, times: -1 })
    const reconnecting = new Promise<void>(
      (resolve) => void bot(hear(), { wsConfig: { pingTimeout: 0.8 }, onReconnecting: resolve })
    )
    await reconnecting
    await sim.clearFaults()
    await sim.waitForConnections(app.appId, 1)
    await say('back')
    await sim.settled()
    expect(heard).toEqual(['back'])
    await sim.setClientConfig({ PingInterval: 120, ReconnectInterval: 120, ReconnectNonce: 30 })
  })

  it('closes connections from its side', async () => {
    const reconnecting = new Promise<void>((resolve) => void bot(hear(), { onReconnecting: resolve }))
    await sim.waitForConnections(app.appId, 1)
    expect(await sim.closeConnections(app.appId, { terminate: true })).toBe(1)
    await reconnecting
    expect(await sim.connections(app.appId)).toEqual([])
    const [span] = await sim.connectionHistory(app.appId)
    expect(span?.closedAt).toBeGreaterThanOrEqual(span?.openedAt ?? Infinity)
  })

  interface WebSocketLike {
    close(): void
  }

  function openSocket(url: string): Promise<WebSocketLike> {
    const upgrade = request(url.replace('ws:', 'http:'), { headers: upgradeRequest })
    return new Promise((resolve, reject) => {
      upgrade.on('upgrade', (_answer, socket) => resolve({ close: () => void socket.destroy() }))
      upgrade.on('response', (answer) => reject(new Error(`refused: ${answer.statusCode}`)))
      upgrade.on('error', reject)
      upgrade.end()
    })
  }

  function upgradeHeaders(url: string): Promise<object> {
    const upgrade = request(url.replace('ws:', 'http:'), { headers: upgradeRequest })
    return new Promise((resolve, reject) => {
      upgrade.on('response', (answer) => resolve(answer.headers))
      upgrade.on('error', reject)
      upgrade.end()
    })
  }

  const upgradeRequest = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ=='
  }
})
