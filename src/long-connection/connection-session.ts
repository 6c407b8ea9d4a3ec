import { ConnectionLoss, LarkApp, LongConnectionClient, LongConnectionClients } from '../lark'
import { LarkIntegration } from '../settings'
import { Clock, Log, storableText, within } from '../shared'
import { Lease } from './connection-lease'
import { ConnectionIds, ConnectionLog } from './connection-log'
import { ConnectionRecord, ConnectionState, withError, withState } from './connection-record'
import { ConnectionConflict } from './connection.entity'
import { EventIntake } from './event-intake'
import { GOOD_CONNECTION_MS, isRefusal, needsAdmin, reconnectDelayMs } from './reconnect-policy'
import { secretDigest } from './secret-checks'

/** Time for acknowledgements under way to leave before the socket is closed. */
const DRAIN_MS = 1_000

/** By then Lark has noticed that a former owner's or our own former socket is gone. */
const COUNT_AFTER_MS = 60_000

export interface SessionServices {
  clients: LongConnectionClients
  intake: EventIntake
  clock: Clock
  random(): number
  /** Called when the state changed, to have it stored. */
  onChange(session: ConnectionSession): void
  /** What Lark said about the app's secret. */
  onVerdict(app: LarkApp, verdict: 'accepted' | 'refused'): void
  /** How many connections Lark counts; null when it does not say. */
  countConnections(app: LarkApp): Promise<number | null>
}

/** One statement stores what is known of all connections: a text that PostgreSQL refuses would cost each of them its lease. */
const MAX_MESSAGE_CHARS = 500

const describeLoss = (loss: ConnectionLoss): { code: string; message: string } => {
  const code = loss.kind === 'endpoint' ? String(loss.code) : loss.kind
  return { code, message: 'message' in loss ? storableText(loss.message.slice(0, MAX_MESSAGE_CHARS)) : '' }
}

const hasSameCredentials = (left: LarkApp, right: LarkApp): boolean =>
  left.appId === right.appId && left.appSecret === right.appSecret && left.region === right.region

/** The app as one of its integrations has it: as it is used already, where one still has it so. */
const appOf = (integrations: readonly LarkIntegration[], current?: LarkApp): LarkApp => {
  const same = integrations.find(({ settings }) => current !== undefined && hasSameCredentials(settings, current))
  const chosen = same ?? integrations[0]
  if (!chosen) throw new Error('a session without an integration')
  return chosen.settings
}

/**
 * One app's connection while this instance holds its lease: one socket at a time, and after a loss the next one with our
 * own backoff. A socket that is given up can not call back any more.
 */
export class ConnectionSession {
  private client: LongConnectionClient | undefined
  private retry: NodeJS.Timeout | undefined
  private counting: NodeJS.Timeout | undefined
  private failures = 0
  private isClosed = false
  private readonly log = new ConnectionLog(new Log('long-connection'))
  private readonly inFlight = new Set<Promise<unknown>>()
  private current: ConnectionRecord
  private app: LarkApp

  constructor(
    readonly lease: Lease,
    private integrations: readonly LarkIntegration[],
    private readonly services: SessionServices
  ) {
    this.app = appOf(integrations)
    this.current = {
      ...lease.inherited,
      state: 'connecting',
      since: services.clock.now(),
      lastFrameAt: null,
      conflicts: [],
      otherConsumers: null
    }
  }

  get record(): ConnectionRecord {
    return this.current
  }

  private get ids(): ConnectionIds {
    return { app: this.lease.appKey, integrations: this.integrations.map(({ id }) => id).join(',') }
  }

  /** Opens the first socket. */
  open(): void {
    if (this.isClosed) return
    this.giveUpSocket()
    this.client = this.services.clients.create(this.app, {
      onReady: () => this.ready(),
      onLost: (loss) => this.lost(loss),
      onFrame: () => this.heard(),
      onEvent: (envelope) => this.take(envelope)
    })
    this.client.start()
  }

  /** Another socket at once, as an admin asked. */
  reconnect(): void {
    if (!this.isClosed) this.openAnew()
  }

  /** Other integrations, or another secret: then with a new socket. One that waits for an admin tries at once. */
  update(integrations: readonly LarkIntegration[], wasChanged: boolean): void {
    this.integrations = integrations
    const app = appOf(integrations, this.app)
    const isOther = !hasSameCredentials(app, this.app)
    this.app = app
    if (isOther || (wasChanged && this.retry)) this.openAnew()
  }

  /** Stored with the next renewal; true when they are others than before. */
  name(conflicts: readonly ConnectionConflict[]): boolean {
    if (JSON.stringify(conflicts) === JSON.stringify(this.current.conflicts)) return false
    this.current = { ...this.current, conflicts }
    return true
  }

  /** Ends the socket and every timer; resolves when the acknowledgements under way had their chance to leave. */
  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    clearTimeout(this.retry)
    clearTimeout(this.counting)
    this.retry = undefined
    if (this.inFlight.size > 0) await within(DRAIN_MS, Promise.allSettled(this.inFlight))
    this.giveUpSocket()
  }

  /** What was known of the former socket says nothing of this one. */
  private openAnew(): void {
    this.failures = 0
    this.log.tryingAnew()
    this.current = { ...this.current, otherConsumers: null }
    this.move('connecting')
    this.open()
  }

  private giveUpSocket(): void {
    clearTimeout(this.retry)
    clearTimeout(this.counting)
    this.retry = undefined
    this.client?.close()
    this.client = undefined
  }

  private ready(): void {
    this.services.onVerdict(this.app, 'accepted')
    this.current = {
      ...this.current,
      lastConnectedAt: this.services.clock.now(),
      acceptedSecret: secretDigest(this.app)
    }
    this.log.up(this.ids)
    this.move('connected')
    this.counting = setTimeout(() => void this.count(this.client), COUNT_AFTER_MS)
    this.counting.unref()
  }

  /** Once for each socket: events that never come here go to somebody else, and nothing else tells. */
  private async count(client: LongConnectionClient | undefined): Promise<void> {
    const counted = await this.services.countConnections(this.app)
    if (counted === null || this.isClosed || this.client !== client) return
    this.current = { ...this.current, otherConsumers: Math.max(0, counted - 1) }
    this.services.onChange(this)
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
    clearTimeout(this.counting)
    const now = this.services.clock.now()
    const wasGood =
      this.current.state === 'connected' && now.getTime() - this.current.since.getTime() >= GOOD_CONNECTION_MS
    if (wasGood) this.failures = 0
    const delayMs = reconnectDelayMs(loss, this.failures, () => this.services.random())
    this.failures += 1
    this.retry = setTimeout(() => this.open(), delayMs)
    const described = describeLoss(loss)
    this.current = withError(
      { ...this.current, reconnectCount: this.current.reconnectCount + 1, otherConsumers: null },
      { at: now.toISOString(), ...described }
    )
    if (isRefusal(loss)) {
      this.services.onVerdict(this.app, 'refused')
      this.current = { ...this.current, acceptedSecret: null }
    }
    const said = { ...this.ids, reason: described.code, nextInSeconds: Math.ceil(delayMs / 1000) }
    if (needsAdmin(loss)) this.log.refused(said)
    else this.log.lost(said)
    this.move(needsAdmin(loss) ? 'failed' : 'reconnecting')
  }

  private move(state: ConnectionState): void {
    this.current = withState(this.current, state, this.services.clock.now())
    this.services.onChange(this)
  }
}
