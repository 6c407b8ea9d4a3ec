import { ConnectionLoss, LarkApp, LongConnectionClient, LongConnectionClients } from '../lark'
import { LarkIntegration } from '../settings'
import { Clock, within } from '../shared'
import { Lease } from './connection-lease'
import { ConnectionRecord, ConnectionState, withError, withState } from './connection-record'
import { EventIntake } from './event-intake'
import { GOOD_CONNECTION_MS, needsAdmin, reconnectDelayMs } from './reconnect-policy'

/** Time for acknowledgements under way to leave before the socket is closed. */
const DRAIN_MS = 1_000

export interface SessionServices {
  clients: LongConnectionClients
  intake: EventIntake
  clock: Clock
  /** Called when the state changed, to have it stored. */
  onChange(session: ConnectionSession): void
}

const describeLoss = (loss: ConnectionLoss): { code: string; message: string } => {
  if (loss.kind === 'endpoint') return { code: String(loss.code), message: loss.message }
  return { code: loss.kind, message: loss.kind === 'unreachable' ? loss.message : '' }
}

const isSameApp = (left: LarkApp, right: LarkApp): boolean =>
  left.appId === right.appId && left.appSecret === right.appSecret && left.region === right.region

const appOf = (integrations: readonly LarkIntegration[]): LarkApp => {
  const first = integrations[0]
  if (!first) throw new Error('a session without an integration')
  return first.settings
}

/**
 * One app's connection while this instance holds its lease: one socket at a time, and after a loss the next one with our
 * own backoff. A socket that is given up can not call back any more.
 */
export class ConnectionSession {
  private client: LongConnectionClient | undefined
  private retry: NodeJS.Timeout | undefined
  private failures = 0
  private isClosed = false
  private readonly inFlight = new Set<Promise<unknown>>()
  private current: ConnectionRecord
  private app: LarkApp

  constructor(
    readonly lease: Lease,
    private integrations: readonly LarkIntegration[],
    private readonly services: SessionServices
  ) {
    this.app = appOf(integrations)
    this.current = { ...lease.inherited, state: 'connecting', since: services.clock.now(), lastFrameAt: null }
  }

  get record(): ConnectionRecord {
    return this.current
  }

  /** Opens the first socket. */
  open(): void {
    if (this.isClosed) return
    clearTimeout(this.retry)
    this.retry = undefined
    this.client?.close()
    this.client = this.services.clients.create(this.app, {
      onReady: () => this.ready(),
      onLost: (loss) => this.lost(loss),
      onFrame: () => this.heard(),
      onEvent: (envelope) => this.take(envelope)
    })
    this.client.start()
  }

  /** Other integrations, or another secret: then with a new socket. One that waits for an admin tries at once. */
  update(integrations: readonly LarkIntegration[], wasChanged: boolean): void {
    this.integrations = integrations
    const app = appOf(integrations)
    const isOther = !isSameApp(app, this.app)
    this.app = app
    if (!isOther && !(wasChanged && this.retry)) return
    this.failures = 0
    this.open()
  }

  /** Ends the socket and every timer; resolves when the acknowledgements under way had their chance to leave. */
  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    clearTimeout(this.retry)
    this.retry = undefined
    if (this.inFlight.size > 0) await within(DRAIN_MS, Promise.allSettled(this.inFlight))
    this.client?.close()
    this.client = undefined
  }

  private ready(): void {
    this.current = { ...this.current, lastConnectedAt: this.services.clock.now() }
    this.move('connected')
  }

  private heard(): void {
    this.current = { ...this.current, lastFrameAt: this.services.clock.now() }
  }

  private async take(envelope: unknown): Promise<unknown> {
    this.current = { ...this.current, lastEventAt: this.services.clock.now() }
    const work = this.services.intake.take(envelope, this.app.appId, this.integrations)
    this.inFlight.add(work)
    try {
      return await work
    } finally {
      this.inFlight.delete(work)
    }
  }

  private lost(loss: ConnectionLoss): void {
    if (this.isClosed) return
    const now = this.services.clock.now()
    const wasGood =
      this.current.state === 'connected' && now.getTime() - this.current.since.getTime() >= GOOD_CONNECTION_MS
    if (wasGood) this.failures = 0
    const delayMs = reconnectDelayMs(loss, this.failures, Math.random)
    this.failures += 1
    this.retry = setTimeout(() => this.open(), delayMs)
    this.current = withError(
      { ...this.current, reconnectCount: this.current.reconnectCount + 1 },
      { at: now.toISOString(), ...describeLoss(loss) }
    )
    this.move(needsAdmin(loss) ? 'failed' : 'reconnecting')
  }

  private move(state: ConnectionState): void {
    this.current = withState(this.current, state, this.services.clock.now())
    this.services.onChange(this)
  }
}
