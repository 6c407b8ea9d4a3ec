import { LarkSimulator, SimApp } from '../../playground/lark-simulator/client'
import { PluginConfigReader } from '../../src/cluster'
import { ConnectionLoss, LongConnectionClient, LongConnectionClients, LongConnectionListener } from '../../src/lark'

/** Remembers what it was told, and lets a test wait for it. */
class Recorder implements LongConnectionListener {
  readonly seen: string[] = []
  readonly events: unknown[] = []
  readonly losses: ConnectionLoss[] = []
  frames = 0
  answer: (envelope: unknown) => Promise<unknown> = async () => undefined
  private waiting: { what: string; done: () => void }[] = []

  onReady(): void {
    this.note('ready')
  }

  onLost(loss: ConnectionLoss): void {
    this.losses.push(loss)
    this.note('lost')
  }

  onFrame(): void {
    this.frames += 1
    this.note('frame')
  }

  async onEvent(envelope: unknown): Promise<unknown> {
    this.events.push(envelope)
    this.note('event')
    return this.answer(envelope)
  }

  until(what: string): Promise<void> {
    if (this.seen.includes(what)) return Promise.resolve()
    return new Promise((done) => this.waiting.push({ what, done }))
  }

  private note(what: string): void {
    this.seen.push(what)
    this.waiting = this.waiting.filter((waiter) => {
      if (waiter.what === what) waiter.done()
      return waiter.what !== what
    })
  }
}

describe('one long connection to a simulated Lark', () => {
  let lark: LarkSimulator
  let app: SimApp
  let userId: string
  let clients: LongConnectionClients
  let recorder: Recorder
  const open: LongConnectionClient[] = []

  const start = (patch: { appId?: string; appSecret?: string } = {}): LongConnectionClient => {
    const client = clients.create({ appId: app.appId, appSecret: app.appSecret, region: 'feishu', ...patch }, recorder)
    open.push(client)
    client.start()
    return client
  }

  beforeAll(async () => {
    lark = await LarkSimulator.spawn()
    clients = new LongConnectionClients(new PluginConfigReader(() => ({ endpoints: { feishu: lark.url } })))
  })

  beforeEach(async () => {
    await lark.clearFaults()
    app = await lark.createApp({ transport: 'long_connection', name: 'Helper' })
    userId = (await lark.createUser({ name: 'Ann' })).userId
    recorder = new Recorder()
  })

  afterEach(() => open.splice(0).forEach((client) => client.close()))

  afterAll(() => lark?.stop())

  it('hands on the envelope as received and acknowledges it', async () => {
    start()
    await recorder.until('ready')
    const { messageId } = await lark.say({ userId, appId: app.appId, text: 'hello' })
    await recorder.until('event')
    await lark.settled()
    expect(recorder.events[0]).toMatchObject({
      schema: '2.0',
      header: { app_id: app.appId, event_type: 'im.message.receive_v1' },
      event: { message: { message_id: messageId } }
    })
    expect((await lark.deliveries({ messageId })).map(({ ok, status }) => ({ ok, status }))).toEqual([
      { ok: true, status: 200 }
    ])
  })

  it('answers a failed event with 500, so that Lark delivers again', async () => {
    recorder.answer = async () => {
      throw new Error('no database')
    }
    start()
    await recorder.until('ready')
    const { messageId } = await lark.say({ userId, appId: app.appId, text: 'hello' })
    await recorder.until('event')
    const delivery = async () => (await lark.deliveries({ messageId }))[0]
    while ((await delivery())?.endedAt === undefined) await recorder.until('event')
    expect(await delivery()).toMatchObject({ ok: false, status: 500 })
  })

  it('reads an event that comes in shuffled pieces', async () => {
    start()
    await recorder.until('ready')
    await lark.addFault({ on: 'delivery', appId: app.appId, fragments: 4, shuffleFragments: true })
    await lark.say({ userId, appId: app.appId, text: 'in pieces '.repeat(50) })
    await recorder.until('event')
    expect(recorder.events).toHaveLength(1)
  })

  it('says once that a closed socket is lost, and is then done', async () => {
    start()
    await recorder.until('ready')
    await lark.closeConnections(app.appId)
    await recorder.until('lost')
    expect(recorder.losses).toEqual([{ kind: 'closed' }])
    expect(await lark.waitForConnections(app.appId, 0)).toEqual([])
  })

  it.each<[string, Parameters<LarkSimulator['addFault']>[0], ConnectionLoss]>([
    [
      'its code',
      { on: 'endpoint', code: 1000040350 },
      { kind: 'endpoint', code: 1000040350, message: expect.any(String) }
    ],
    [
      'empty data',
      { on: 'endpoint', nullData: true },
      { kind: 'unreachable', message: 'the endpoint named no socket' }
    ],
    ['an HTTP error', { on: 'endpoint', status: 502 }, { kind: 'unreachable', message: expect.any(String) }],
    ['a refused handshake', { on: 'handshake', status: 403 }, { kind: 'handshake' }]
  ])('reports an endpoint that answers with %s', async (_name, fault, loss) => {
    await lark.addFault(fault)
    start()
    await recorder.until('lost')
    expect(recorder.losses).toEqual([loss])
  })

  it.each([1, 403, 514, 1000040343, 1000040346, 1000040350, 1000040351])(
    'reports the code %d of the endpoint, and tries no more by itself',
    async (code) => {
      await lark.addFault({ on: 'endpoint', code })
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] })
      try {
        start()
        await recorder.until('lost')
        // Within 30 s the SDK's own retry would come, and have its socket: the endpoint fails once.
        for (let second = 0; second < 30; second += 1) {
          await jest.advanceTimersByTimeAsync(1_000)
          expect(await lark.connections(app.appId)).toEqual([])
        }
      } finally {
        jest.useRealTimers()
      }
      expect(recorder.losses).toMatchObject([{ kind: 'endpoint', code }])
      recorder = new Recorder()
      start()
      await recorder.until('ready')
      expect(await lark.connections(app.appId)).toHaveLength(1)
    }
  )

  it('gives up a handshake that is never answered', async () => {
    await lark.addFault({ on: 'handshake', never: true })
    start()
    await recorder.until('lost')
    expect(recorder.losses).toEqual([{ kind: 'handshake' }])
  })

  it('reports a wrong secret', async () => {
    start({ appSecret: 'wrong' })
    await recorder.until('lost')
    expect(recorder.losses).toMatchObject([{ kind: 'endpoint', code: 514 }])
  })

  it('says that the SDK does not take an app id, instead of staying silent', async () => {
    start({ appId: 'cli_short' })
    await recorder.until('lost')
    expect(recorder.losses).toEqual([{ kind: 'app_id' }])
  })

  it('is silent after it was closed', async () => {
    const client = start()
    await recorder.until('ready')
    client.close()
    client.close()
    await lark.say({ userId, appId: app.appId, text: 'anybody there?' })
    expect(recorder.losses).toEqual([])
    expect(recorder.events).toEqual([])
  })

  it('survives a pong without a configuration', async () => {
    await lark.addFault({ on: 'pong', appId: app.appId, withoutConfig: true })
    start()
    await recorder.until('frame')
    await lark.say({ userId, appId: app.appId, text: 'hello' })
    await recorder.until('event')
    expect(recorder.frames).toBeLessThan(5)
  })
})
