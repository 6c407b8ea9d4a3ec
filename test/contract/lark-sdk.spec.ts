import { EventDispatcher, WSClient } from '@larksuiteoapi/node-sdk'
import { createServer, Server } from 'node:http'
import { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { version } from '../../node_modules/@larksuiteoapi/node-sdk/package.json'
import { dependencies } from '../../package.json'
import { PluginConfigReader } from '../../src/cluster'
import { LongConnectionClient, LongConnectionClients } from '../../src/lark'
import { TAPPED_METHODS } from '../../src/lark/ws-client-internals'

// Frames by hand (lark-platform 2.4): the SDK's own codec must not vouch for itself.
const PING = '0800100018f681801020002a0c0a0474797065120470696e67'
const EVENT_HEADERS =
  '2a100a0a6d6573736167655f696412026d312a080a0373756d1201312a080a037365711201302a0e0a0874726163655f696412027472'
const PAYLOAD = '{"schema":"2.0","header":{"event_type":"t"},"event":{}}'
const CARD_FRAME = `0801100218f681801020012a0c0a0474797065120463617264${EVENT_HEADERS}4237${Buffer.from(PAYLOAD).toString('hex')}`

/** Lark's side of one socket, reduced to the wire. */
class BareLark {
  readonly frames: Buffer[] = []
  private readonly http: Server
  private readonly sockets: WebSocketServer
  private waiting: (() => void)[] = []

  constructor(
    private readonly onFrame: (socket: WebSocket, frame: Buffer) => void,
    onOpen: (socket: WebSocket) => void = () => undefined
  ) {
    this.http = createServer((_request, response) => {
      const URL = `ws://127.0.0.1:${this.port}/ws?fpid=1&service_id=33554678&device_id=1`
      const ClientConfig = { ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 }
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ code: 0, msg: '', data: { URL, ClientConfig } }))
    })
    this.sockets = new WebSocketServer({ noServer: true })
    this.http.on('upgrade', (request, raw, head) => {
      // What is sent at once travels in one piece with the handshake's answer.
      raw.cork()
      this.sockets.handleUpgrade(request, raw, head, (socket) => {
        socket.on('message', (data: Buffer) => this.take(socket, data))
        onOpen(socket)
      })
      raw.uncork()
    })
  }

  private take(socket: WebSocket, data: Buffer): void {
    this.frames.push(data)
    this.onFrame(socket, data)
    this.waiting.splice(0).forEach((resume) => resume())
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve))
  }

  async stop(): Promise<void> {
    this.sockets.clients.forEach((socket) => socket.terminate())
    await new Promise((resolve) => this.http.close(resolve))
  }

  async until(count: number): Promise<void> {
    while (this.frames.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve))
  }
}

/** Started; what it hears is in `events`. */
const connect = (lark: BareLark): { client: LongConnectionClient; events: unknown[] } => {
  const events: unknown[] = []
  const config = new PluginConfigReader(() => ({ endpoints: { feishu: `http://127.0.0.1:${lark.port}` } }))
  const client = new LongConnectionClients(config).create(
    { appId: 'cli_0123456789abcdef', appSecret: 's', region: 'feishu' },
    {
      onReady: () => undefined,
      onLost: () => undefined,
      onFrame: () => undefined,
      onEvent: async (envelope) => {
        events.push(envelope)
        return { toast: { content: 'ok' } }
      }
    }
  )
  client.start()
  return { client, events }
}

describe('the pinned Lark SDK', () => {
  it('is the version that its private side was read in', () => {
    expect({ installed: version, pinned: dependencies['@larksuiteoapi/node-sdk'] }).toEqual({
      installed: '1.74.0',
      pinned: '1.74.0'
    })
  })

  it.each(TAPPED_METHODS)('still has the private method %s', (method) => {
    expect(typeof Reflect.get(WSClient.prototype, method)).toBe('function')
  })

  it('still keeps its socket in wsConfig', () => {
    const config: unknown = Reflect.get(new WSClient({ appId: 'cli_0123456789abcdef', appSecret: 's' }), 'wsConfig')
    const methods = ['setWSInstance', 'getWSInstance'].map((method) => typeof Reflect.get(Object(config), method))
    expect(methods).toEqual(['function', 'function'])
  })

  it('still hands its events to invoke', () => {
    expect(typeof EventDispatcher.prototype.invoke).toBe('function')
  })
})

describe('the adapter around the SDK’s socket', () => {
  let lark: BareLark
  let client: LongConnectionClient
  let events: unknown[]

  beforeAll(async () => {
    lark = new BareLark((socket, frame) => {
      if (frame.toString('hex') !== PING) return
      socket.send(Buffer.from(CARD_FRAME, 'hex'))
    })
    await lark.start()
    ;({ client, events } = connect(lark))
    await lark.until(2)
  })

  afterAll(async () => {
    client.close()
    await lark.stop()
  })

  it('takes a card frame for an event and answers it', () => {
    expect(events).toEqual([JSON.parse(PAYLOAD)])
    const ack = lark.frames[1]?.toString('latin1') ?? ''
    expect(ack).toContain('biz_rt')
    expect(ack).toContain(`{"code":200,"data":"${Buffer.from('{"toast":{"content":"ok"}}').toString('base64')}"}`)
  })
})

describe('an event that comes in one piece with the answer to the handshake', () => {
  const lark = new BareLark(
    () => undefined,
    (socket) => socket.send(Buffer.from(CARD_FRAME, 'hex'))
  )
  let client: LongConnectionClient

  beforeAll(() => lark.start())

  afterAll(async () => {
    client.close()
    await lark.stop()
  })

  it('is taken and acknowledged', async () => {
    const connected = connect(lark)
    client = connected.client
    // The ping is the other one.
    await lark.until(2)
    expect(connected.events).toEqual([JSON.parse(PAYLOAD)])
  })
})
