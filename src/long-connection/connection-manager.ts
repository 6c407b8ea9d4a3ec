import { Injectable } from '@nestjs/common'
import { LongConnectionClients } from '../lark'
import { EventTarget, IntegrationListener } from '../settings'
import { Clock, LeaseLostError, Log, RoundLoop, within } from '../shared'
import { ConnectionLeases, Lease, LEASE_SECONDS } from './connection-lease'
import { ConnectionSession } from './connection-session'
import { EventIntake } from './event-intake'
import { KnownIntegrations } from './known-integrations'
import { WantedApp, wantedApps } from './wanted-apps'

const ROUND_MS = 5_000
const RENEW_MS = 10_000

/** The host leaves 6 s; a database that does not answer must not use them up. */
const STOP_STEP_MS = 2_000

interface Held {
  app: WantedApp
  session: ConnectionSession
  /** `performance.now()` of the last renewal that the database confirmed: real time, as the database's. */
  confirmedAt: number
  /** Writes about one connection happen one after another, so that the last state is the one that stays. */
  writes: Promise<void>
}

/**
 * Keeps one connection per app on this host: every round the integrations that need one are compared with the connections
 * held here; free leases are taken, connections nobody wants are closed.
 */
@Injectable()
export class ConnectionManager implements IntegrationListener {
  private readonly log = new Log('long-connection')
  private readonly held = new Map<string, Held>()
  private readonly named = new Set<string>()
  private readonly rounds = new RoundLoop(() => this.reconcile(), ROUND_MS, this.log, 'reconcile')
  private readonly renewals = new RoundLoop(() => this.renewAll(), RENEW_MS, this.log, 'renew')
  private lastRound: Promise<void> = Promise.resolve()
  private isStopped = true

  constructor(
    private readonly integrations: KnownIntegrations,
    private readonly leases: ConnectionLeases,
    private readonly target: EventTarget,
    private readonly clients: LongConnectionClients,
    private readonly intake: EventIntake,
    private readonly clock: Clock
  ) {}

  /** Begins the rounds; called from the plugin's life cycle, never from a request. */
  async start(): Promise<void> {
    this.isStopped = false
    this.rounds.start()
    this.renewals.start()
  }

  /** Closes every socket and releases every lease. */
  async stop(): Promise<void> {
    this.isStopped = true
    await within(STOP_STEP_MS, Promise.all([this.rounds.stop(), this.renewals.stop()]))
    await within(STOP_STEP_MS, Promise.all([...this.held.keys()].map((appKey) => this.close(appKey))))
  }

  /** Takes effect at once on this instance; the others see it in their next round. */
  async integrationChanged(integrationId: string): Promise<void> {
    this.integrations.markChanged(integrationId)
    this.rounds.ring()
  }

  async integrationRemoved(integrationId: string): Promise<void> {
    this.integrations.markRemoved(integrationId)
    this.rounds.ring()
  }

  /** One round more, after the one that may be under way: two at a time would take a lease from each other. */
  reconcile(): Promise<void> {
    const round = this.lastRound.then(() => this.round())
    this.lastRound = round.catch(() => undefined)
    return round
  }

  private async round(): Promise<void> {
    await this.target.refresh().catch((error: unknown) => this.log.warn('the bindings can not be read', {}, error))
    const changed = await this.readIntegrations()
    const { apps, conflicts } = wantedApps(this.integrations.all(), (appKey) => this.held.get(appKey)?.app)
    this.nameConflicts(conflicts.map(({ id }) => id))
    const unwanted = [...this.held.keys()].filter((appKey) => !apps.has(appKey))
    await Promise.all(unwanted.map((appKey) => this.close(appKey)))
    for (const app of apps.values()) this.update(app, changed)
    await this.take(apps)
  }

  /** A failed read is unknown: everything stays as it is. */
  private async readIntegrations(): Promise<ReadonlySet<string>> {
    try {
      return await this.integrations.refresh()
    } catch (error) {
      this.log.warn('the integrations can not be listed', {}, error)
      return new Set()
    }
  }

  private update(app: WantedApp, changed: ReadonlySet<string>): void {
    const held = this.held.get(app.appKey)
    if (!held) return
    held.app = app
    held.session.update(
      app.integrations,
      app.integrations.some(({ id }) => changed.has(id))
    )
  }

  private async take(apps: ReadonlyMap<string, WantedApp>): Promise<void> {
    const free = [...apps.values()].filter(({ appKey }) => !this.held.has(appKey))
    const startedAt = performance.now()
    for (const lease of await this.leases.acquire(free)) {
      const app = apps.get(lease.appKey)
      if (app) this.open(app, lease, startedAt)
    }
  }

  private open(app: WantedApp, lease: Lease, confirmedAt: number): void {
    const session = new ConnectionSession(lease, app.integrations, {
      clients: this.clients,
      intake: this.intake,
      clock: this.clock,
      onChange: () => void this.renew(app.appKey)
    })
    this.held.set(app.appKey, { app, session, confirmedAt, writes: Promise.resolve() })
    // A stop that came meanwhile finds it in `held` and releases the lease.
    if (!this.isStopped) session.open()
  }

  private async renewAll(): Promise<void> {
    await Promise.all([...this.held.keys()].map((appKey) => this.renew(appKey)))
  }

  /** Never rejects. */
  private async renew(appKey: string): Promise<void> {
    const held = this.held.get(appKey)
    if (!held) return
    held.writes = held.writes.then(() => this.write(appKey, held))
    await held.writes
  }

  /** A lost lease closes the socket; what it still delivers is stored, the dedup key decides. */
  private async write(appKey: string, held: Held): Promise<void> {
    if (this.held.get(appKey) !== held) return
    const startedAt = performance.now()
    try {
      await this.leases.renew(held.session.lease, held.session.record)
      held.confirmedAt = startedAt
    } catch (error) {
      if (this.held.get(appKey) !== held) return
      const isExpired = startedAt - held.confirmedAt >= LEASE_SECONDS * 1000
      const isLost = error instanceof LeaseLostError || isExpired
      this.log.warn(isLost ? 'a long connection is given up' : 'a lease was not renewed', { app: appKey }, error)
      if (isLost) await this.close(appKey)
    }
  }

  /** Never rejects: a lease that can not be released expires. */
  private async close(appKey: string): Promise<void> {
    const held = this.held.get(appKey)
    if (!held) return
    this.held.delete(appKey)
    await held.session.close()
    await this.leases.release(held.session.lease, this.clock.now()).catch((error: unknown) => {
      this.log.warn('the lease of a long connection was not released', { app: appKey }, error)
    })
  }

  private nameConflicts(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.named.has(id)) continue
      this.log.warn('another tenant or organisation holds the app of this integration', { integration: id })
    }
    this.named.clear()
    for (const id of ids) this.named.add(id)
  }
}
