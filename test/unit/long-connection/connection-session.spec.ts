import { Logger } from '@nestjs/common'
import {
  ConnectionLoss,
  LarkApp,
  LongConnectionClient,
  LongConnectionClients,
  LongConnectionListener
} from '../../../src/lark'
import { ConnectionSession } from '../../../src/long-connection/connection-session'
import { EventIntake } from '../../../src/long-connection/event-intake'
import { secretDigest } from '../../../src/long-connection/secret-checks'
import { SystemClock } from '../../../src/shared'
import { INTEGRATION_ID, larkIntegration } from '../../support/lark-integration'

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
  let lines: string[]
  let sockets: Socket[]
  let states: string[]
  let session: ConnectionSession
  let verdicts: [string, string][]
  let counted: number | null | Promise<number>
  let take: (raw: unknown, appId: string) => Promise<undefined>

  const last = (): Socket => {
    const socket = sockets.at(-1)
    if (!socket) throw new Error('no socket yet')
    return socket
  }

  beforeEach(() => {
    jest.useFakeTimers()
    lines = []
    for (const level of ['log', 'warn', 'error'] as const)
      jest
        .spyOn(Logger.prototype, level)
        .mockImplementation((...said: unknown[]) => void lines.push(`${level} ${String(said[0])}`))
    sockets = []
    states = []
    verdicts = []
    counted = 1
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
      inherited: { reconnectCount: 4, recentErrors: [], lastConnectedAt: null, lastEventAt: null, acceptedSecret: null }
    }
    session = new ConnectionSession(lease, [integration()], {
      clients: clients as LongConnectionClients,
      intake: intake as EventIntake,
      clock: new SystemClock(),
      random: () => 1,
      onChange: ({ record }) => states.push(record.state),
      onVerdict: ({ appSecret }, verdict) => verdicts.push([appSecret, verdict]),
      countConnections: async () => counted
    })
    session.open()
  })

  afterEach(async () => {
    await session.close()
    jest.useRealTimers()
    jest.restoreAllMocks()
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

  it('keeps of what Lark says only what a database takes: one statement stores all connections', () => {
    last().listener.onLost({ kind: 'endpoint', code: 1, message: `busy\u0000${'😀'.repeat(10_000)}` })
    const [error] = session.record.recentErrors
    expect(error!.message.slice(0, 6)).toBe('busy😀')
    expect([error!.message.isWellFormed(), error!.message.length <= 500]).toEqual([true, true])
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

  it('is not connected while the socket with another secret is being made', () => {
    last().listener.onReady()
    jest.advanceTimersByTime(30_000)
    session.update([integration('new')], true)
    expect(session.record.state).toBe('connecting')
    const connectedAgainAt = new Date()
    last().listener.onReady()
    expect(session.record).toMatchObject({ state: 'connected', since: connectedAgainAt })
    expect(states).toEqual(['connected', 'connecting', 'connected'])
  })

  it('says what Lark thinks of the secret, and keeps the proof until Lark refuses it', () => {
    last().listener.onReady()
    expect(session.record.acceptedSecret).toBe(secretDigest(integration().settings))
    last().listener.onLost({ kind: 'closed' })
    expect(session.record.acceptedSecret).not.toBeNull()
    jest.advanceTimersByTime(1_000)
    last().listener.onLost(WRONG_SECRET)
    expect(session.record.acceptedSecret).toBeNull()
    expect(verdicts).toEqual([
      ['secret', 'accepted'],
      ['secret', 'refused']
    ])
  })

  it('goes on with the secret in use when an integration with another accepted one joins', () => {
    last().listener.onReady()
    session.update([integration('other'), integration()], true)
    expect(sockets).toHaveLength(1)
    session.update([integration('other')], true)
    expect(last().app.appSecret).toBe('other')
  })

  it('opens another socket at once when it is asked for, also while it waits', () => {
    last().listener.onReady()
    session.reconnect()
    expect(sockets.map(({ isClosed }) => isClosed)).toEqual([true, false])
    last().listener.onLost(WRONG_SECRET)
    session.reconnect()
    expect(sockets).toHaveLength(3)
    jest.advanceTimersByTime(600_000)
    expect(sockets).toHaveLength(3)
  })

  it('asks once, a minute after it connected, whether somebody else is connected', async () => {
    counted = 3
    last().listener.onReady()
    await jest.advanceTimersByTimeAsync(59_000)
    expect(session.record.otherConsumers).toBeNull()
    await jest.advanceTimersByTimeAsync(1_000)
    expect(session.record.otherConsumers).toBe(2)
    counted = 1
    await jest.advanceTimersByTimeAsync(3_600_000)
    expect(session.record.otherConsumers).toBe(2)
    last().listener.onLost({ kind: 'closed' })
    expect(session.record.otherConsumers).toBeNull()
    await jest.advanceTimersByTimeAsync(1_000)
    last().listener.onReady()
    counted = null
    await jest.advanceTimersByTimeAsync(60_000)
    expect(session.record.otherConsumers).toBeNull()
  })

  it('does not take what Lark counted beside a former socket for the next one', async () => {
    let answer = (_: number): void => undefined
    counted = new Promise((resolve) => (answer = resolve))
    last().listener.onReady()
    await jest.advanceTimersByTimeAsync(60_000)
    session.reconnect()
    last().listener.onReady()
    answer(2)
    await jest.advanceTimersByTimeAsync(0)
    expect(session.record.otherConsumers).toBeNull()
  })

  it('forgets what Lark counted beside a former socket as soon as another one is asked for', async () => {
    counted = 2
    last().listener.onReady()
    await jest.advanceTimersByTimeAsync(60_000)
    expect(session.record.otherConsumers).toBe(1)
    session.reconnect()
    last().listener.onReady()
    expect(session.record.otherConsumers).toBeNull()
  })

  it('survives ten minutes in which no socket lasts, one at a time and not at full speed', async () => {
    let done: Socket | undefined
    for (let second = 0; second < 600; second += 1) {
      if (last() !== done) {
        done = last()
        done.listener.onReady()
        done.listener.onLost({ kind: 'closed' })
      }
      await jest.advanceTimersByTimeAsync(1_000)
    }
    // 1, 2, 4, 8, 16, 32 s and then once a minute.
    expect(sockets.length).toBeGreaterThan(10)
    expect(sockets.length).toBeLessThan(20)
    expect(sockets.slice(0, -1).every(({ isClosed }) => isClosed)).toBe(true)
    expect(jest.getTimerCount()).toBe(1)
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

  describe('in the log', () => {
    const APP = `app=feishu:cli_0123456789abcdef integrations=${INTEGRATION_ID}`
    const { appSecret } = integration().settings

    it('is named once when it is up, when it is lost, and when it is up again', () => {
      last().listener.onReady()
      last().listener.onLost({ kind: 'closed' })
      for (let loss = 0; loss < 5; loss += 1) {
        jest.advanceTimersByTime(60_000)
        last().listener.onLost({ kind: 'unreachable', message: `no way with ${appSecret}` })
      }
      jest.advanceTimersByTime(60_000)
      last().listener.onReady()
      expect(lines).toEqual([
        `log a long connection is up ${APP}`,
        `warn a long connection is lost, and is made again ${APP} reason=closed nextInSeconds=1`,
        `log a long connection is up ${APP}`
      ])
    })

    it('is named when it can not be made', () => {
      last().listener.onLost({ kind: 'unreachable', message: 'away' })
      expect(lines).toEqual([
        `warn a long connection could not be made, and is tried again ${APP} reason=unreachable nextInSeconds=1`
      ])
    })

    it('is an error once where an admin must act, and once more after somebody tried to mend it', () => {
      const refused = `error a long connection is refused until an administrator acts ${APP} reason=514 nextInSeconds=300`
      last().listener.onLost(WRONG_SECRET)
      for (let loss = 0; loss < 3; loss += 1) {
        jest.advanceTimersByTime(300_000)
        last().listener.onLost(loss === 1 ? { kind: 'handshake' } : WRONG_SECRET)
      }
      expect(lines).toEqual([refused])
      session.reconnect()
      last().listener.onLost(WRONG_SECRET)
      session.update([integration()], true)
      last().listener.onLost(WRONG_SECRET)
      expect(lines).toEqual([refused, refused, refused])
    })

    it('is an error again where Lark refuses for another reason', () => {
      last().listener.onReady()
      last().listener.onLost({ kind: 'closed' })
      jest.advanceTimersByTime(1_000)
      last().listener.onLost(WRONG_SECRET)
      jest.advanceTimersByTime(300_000)
      last().listener.onLost({ kind: 'endpoint', code: 1000040350, message: 'too many' })
      expect(lines.map((line) => line.match(/^\w+|reason=\w+/g)?.join(' '))).toEqual([
        'log',
        'warn reason=closed',
        'error reason=514',
        'error reason=1000040350'
      ])
    })
  })
})
