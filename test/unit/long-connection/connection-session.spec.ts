import {
  ConnectionLoss,
  LarkApp,
  LongConnectionClient,
  LongConnectionClients,
  LongConnectionListener
} from '../../../src/lark'
import { ConnectionSession } from '../../../src/long-connection/connection-session'
import { EventIntake } from '../../../src/long-connection/event-intake'
import { SystemClock } from '../../../src/shared'
import { larkIntegration } from '../../support/lark-integration'

/** One socket without a network. */
class Socket implements LongConnectionClient {
  isStarted = false
  isClosed = false

  constructor(
    readonly app: LarkApp,
    readonly listener: LongConnectionListener
  ) {}

  start(): void {
    this.isStarted = true
  }

  close(): void {
    this.isClosed = true
  }
}

const integration = (appSecret = 'secret') => larkIntegration({ connectionMode: 'long_connection', appSecret })
const WRONG_SECRET: ConnectionLoss = { kind: 'endpoint', code: 514, message: 'app secret is invalid' }

describe('a session', () => {
  let sockets: Socket[]
  let states: string[]
  let session: ConnectionSession
  let take: (raw: unknown, appId: string) => Promise<undefined>

  const last = (): Socket => {
    const socket = sockets.at(-1)
    if (!socket) throw new Error('no socket yet')
    return socket
  }

  beforeEach(() => {
    jest.useFakeTimers()
    sockets = []
    states = []
    take = async () => undefined
    const clients: Pick<LongConnectionClients, 'create'> = {
      create: (app, listener) => {
        const socket = new Socket(app, listener)
        sockets.push(socket)
        return socket
      }
    }
    const intake: Pick<EventIntake, 'take'> = { take: (raw, appId) => take(raw, appId) }
    const lease = {
      appKey: 'feishu:cli_0123456789abcdef',
      token: 'token',
      inherited: { reconnectCount: 4, recentErrors: [], lastConnectedAt: null, lastEventAt: null }
    }
    session = new ConnectionSession(lease, [integration()], {
      clients: clients as LongConnectionClients,
      intake: intake as EventIntake,
      clock: new SystemClock(),
      onChange: ({ record }) => states.push(record.state)
    })
    session.open()
  })

  afterEach(async () => {
    await session.close()
    jest.useRealTimers()
  })

  it('connects', () => {
    expect(session.record.state).toBe('connecting')
    last().listener.onReady()
    expect(session.record).toMatchObject({ state: 'connected', lastConnectedAt: expect.any(Date), reconnectCount: 4 })
  })

  it('opens another socket within a second after a loss, and counts it', () => {
    last().listener.onReady()
    last().listener.onLost({ kind: 'closed' })
    expect(session.record).toMatchObject({
      state: 'reconnecting',
      reconnectCount: 5,
      recentErrors: [{ code: 'closed' }]
    })
    jest.advanceTimersByTime(1_000)
    expect(sockets).toHaveLength(2)
    last().listener.onReady()
    expect(states).toEqual(['connected', 'reconnecting', 'connected'])
  })

  it('waits longer and longer, up to a minute, and never gives up', () => {
    for (let loss = 0; loss < 30; loss += 1) {
      last().listener.onLost({ kind: 'handshake' })
      jest.advanceTimersByTime(60_000)
    }
    expect(sockets).toHaveLength(31)
    expect(session.record.recentErrors).toHaveLength(10)
  })

  it('starts from the shortest wait after a connection that lasted', () => {
    for (let loss = 0; loss < 6; loss += 1) {
      last().listener.onLost({ kind: 'closed' })
      jest.advanceTimersByTime(60_000)
    }
    last().listener.onReady()
    jest.advanceTimersByTime(30_000)
    last().listener.onLost({ kind: 'closed' })
    jest.advanceTimersByTime(1_000)
    expect(sockets).toHaveLength(8)
  })

  it('says that an admin must act, and tries again after five minutes', () => {
    last().listener.onLost(WRONG_SECRET)
    expect(session.record).toMatchObject({
      state: 'failed',
      recentErrors: [{ code: '514', message: 'app secret is invalid' }]
    })
    jest.advanceTimersByTime(299_000)
    expect(sockets).toHaveLength(1)
    jest.advanceTimersByTime(1_000)
    expect(sockets).toHaveLength(2)
  })

  it('tries at once when the integration was saved while it waits', () => {
    last().listener.onLost(WRONG_SECRET)
    session.update([integration()], false)
    expect(sockets).toHaveLength(1)
    session.update([integration()], true)
    expect(sockets).toHaveLength(2)
    jest.advanceTimersByTime(600_000)
    expect(sockets).toHaveLength(2)
  })

  it('changes the socket for another secret, and for nothing else', () => {
    last().listener.onReady()
    session.update([integration()], true)
    expect(sockets).toHaveLength(1)
    session.update([integration('new')], true)
    expect(sockets.map(({ isClosed, app }) => [isClosed, app.appSecret])).toEqual([
      [true, 'secret'],
      [false, 'new']
    ])
  })

  it('hands events on and their failure back', async () => {
    expect(await last().listener.onEvent({ any: 'event' })).toBeUndefined()
    expect(session.record.lastEventAt).not.toBeNull()
    take = () => Promise.reject(new Error('away'))
    await expect(last().listener.onEvent({})).rejects.toThrow('away')
  })

  it('lets acknowledgements under way leave before it closes', async () => {
    let finish = () => {}
    take = () => new Promise((resolve) => (finish = () => resolve(undefined)))
    const event = last().listener.onEvent({})
    const closed = session.close()
    expect(last().isClosed).toBe(false)
    finish()
    await Promise.all([event, closed])
    expect(last().isClosed).toBe(true)
  })

  it('does not wait for them for long', async () => {
    take = () => new Promise(() => undefined)
    void last().listener.onEvent({})
    const closed = session.close()
    await jest.advanceTimersByTimeAsync(1_000)
    await closed
    expect(last().isClosed).toBe(true)
  })

  it('opens nothing any more after it was closed', async () => {
    last().listener.onLost({ kind: 'closed' })
    await session.close()
    jest.advanceTimersByTime(60_000)
    session.open()
    session.update([integration('new')], true)
    expect(sockets).toHaveLength(1)
    expect(jest.getTimerCount()).toBe(0)
  })
})
