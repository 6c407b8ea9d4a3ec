import { WSClient } from '@larksuiteoapi/node-sdk'
import { tapWsClient } from '../../../src/lark/ws-client-internals'

interface Frame {
  headers: { key: string; value: string }[]
  payload?: Uint8Array
}

class BareConfig {
  private socket: object | null = null

  setWSInstance(socket: object | null): void {
    this.socket = socket
  }

  getWSInstance(): object | null {
    return this.socket
  }
}

/** The private side of the SDK's client, as far as it is tapped. */
class BareClient {
  isOpen = true
  readonly control: Frame[] = []
  readonly events: Frame[] = []
  readonly heard: string[] = []
  readonly wsConfig = new BareConfig()

  communicate(): void {
    this.heard.push('listens')
  }

  async connect(): Promise<boolean> {
    return this.isOpen
  }

  async handleControlData(frame: Frame): Promise<void> {
    this.control.push(frame)
  }

  async handleEventData(frame: Frame): Promise<void> {
    this.events.push(frame)
  }
}

const frame = (type: string, payload?: string): Frame => ({
  headers: [
    { key: 'type', value: type },
    { key: 'message_id', value: 'm1' }
  ],
  ...(payload === undefined ? {} : { payload: new TextEncoder().encode(payload) })
})

describe('the tap on the SDK’s socket', () => {
  let client: BareClient
  let frames: number
  let failedHandshakes: number

  beforeEach(() => {
    client = new BareClient()
    frames = 0
    failedHandshakes = 0
    tapWsClient(client as unknown as WSClient, {
      onFrame: () => (frames += 1),
      onHandshakeFailed: () => (failedHandshakes += 1)
    })
  })

  it('holds the socket still until somebody listens', () => {
    const { heard, wsConfig } = client
    wsConfig.setWSInstance({ pause: () => heard.push('held'), resume: () => heard.push('let go') })
    client.communicate()
    wsConfig.setWSInstance(null)
    client.communicate()
    expect(heard).toEqual(['held', 'listens', 'let go', 'listens'])
  })

  it('tells of a handshake that failed', async () => {
    expect(await client.connect()).toBe(true)
    client.isOpen = false
    expect(await client.connect()).toBe(false)
    expect(failedHandshakes).toBe(1)
  })

  it.each(['{"PingInterval":90,"ReconnectCount":-1}'])('lets a whole pong through', async (config) => {
    await client.handleControlData(frame('pong', config))
    expect(client.control).toHaveLength(1)
  })

  it.each(['{"ReconnectCount":-1}', '{"PingInterval":0}', '{"PingInterval":"90"}', 'null', 'no json'])(
    'keeps the pong %s away, which would make the ping timer run wild',
    async (config) => {
      await client.handleControlData(frame('pong', config))
      expect(client.control).toEqual([])
      expect(frames).toBe(1)
    }
  )

  it('makes an event of a card frame and touches nothing else of it', async () => {
    await client.handleEventData(frame('card', '{}'))
    await client.handleEventData(frame('event', '{}'))
    expect(client.events).toEqual([frame('event', '{}'), frame('event', '{}')])
    expect(frames).toBe(2)
  })
})
