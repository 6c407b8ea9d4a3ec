import { Injectable } from '@nestjs/common'
import { AppInspections, LongConnectionClients } from '../lark'
import { Clock, inTime, Log } from '../shared'
import { WantedApp } from './app-decision'
import { ConnectionLeases, ConnectionRow, Lease, LEASE_SECONDS, Offer, ROUND_STATEMENT_MS } from './connection-lease'
import { ConnectionSession } from './connection-session'
import { EventIntake } from './event-intake'
import { SecretChecks } from './secret-checks'

/** A former owner keeps its socket this long while the next one connects, or tries to; one that stops has less time. */
const OVERLAP_MS = 30_000

export interface Held {
  app: WantedApp
  session: ConnectionSession
  /** `performance.now()` of the last renewal that the database confirmed: real time, as the database's. */
  confirmedAt: number
  /** Writes about one connection happen one after another, so that the last state is the one that stays. */
  writes: Promise<void>
  /** Epoch milliseconds of the admin's last wish for a new socket that was seen. */
  reconnectAt: number
  offered: Offer | null
}

/**
 * The connections that this instance holds. Whoever lost a lease closes its socket at once; only one that was offered stays
 * open until the next owner is connected, so that a planned hand-over leaves no moment without a socket. What is delivered
 * meanwhile is stored all the same, the dedup key decides.
 */
@Injectable()
export class HeldConnections {
  private readonly log = new Log('long-connection')
  private readonly held = new Map<string, Held>()
  private readonly leaving = new Map<ConnectionSession, number>()

  constructor(
    private readonly leases: ConnectionLeases,
    private readonly clients: LongConnectionClients,
    private readonly intake: EventIntake,
    private readonly checks: SecretChecks,
    private readonly inspections: AppInspections,
    private readonly clock: Clock
  ) {}

  get(appKey: string): Held | undefined {
    return this.held.get(appKey)
  }

  all(): ReadonlyMap<string, Held> {
    return this.held
  }

  /** Held, or kept open until another instance has taken over. */
  get isEmpty(): boolean {
    return this.held.size === 0 && this.leaving.size === 0
  }

  /** `confirmedAt`: when the lease was asked for. The socket is opened with `start`. */
  add(app: WantedApp, lease: Lease, { confirmedAt, reconnectAt }: { confirmedAt: number; reconnectAt: number }): void {
    const session = new ConnectionSession(lease, app.integrations, {
      clients: this.clients,
      intake: this.intake,
      clock: this.clock,
      random: Math.random,
      onChange: () => void this.renew([app.appKey]),
      onVerdict: (of, verdict) => this.checks.learn(of, verdict),
      countConnections: async (of) =>
        this.inspections
          .for(of)
          .connections()
          .catch(() => null)
    })
    session.name(app.conflicts)
    this.held.set(app.appKey, { app, session, confirmedAt, writes: Promise.resolve(), reconnectAt, offered: null })
  }

  start(appKey: string): void {
    this.held.get(appKey)?.session.open()
  }

  /** What the round decided about an app that is held here. */
  update(app: WantedApp, wasChanged: boolean): void {
    const held = this.held.get(app.appKey)
    if (!held) return
    held.app = app
    held.session.update(app.integrations, wasChanged)
    if (held.session.name(app.conflicts)) void this.renew([app.appKey])
  }

  /** Follows what the table says: a lease that is gone, an admin's wishes, a hand-over that is done. */
  async follow(rows: ReadonlyMap<string, ConnectionRow>): Promise<void> {
    await Promise.all([...this.held].map(([appKey, held]) => this.followOne(appKey, held, rows.get(appKey))))
    for (const session of this.leaving.keys()) {
      if (rows.get(session.lease.appKey)?.state === 'connected') await this.leave(session)
    }
  }

  /**
   * Closes every socket whose lease was not confirmed for as long as it lasts: another instance may have it. Asks the database
   * for nothing, which may be what hangs; there is nothing to release either. Never rejects.
   */
  async closeExpired(): Promise<void> {
    const now = performance.now()
    const over = [...this.leaving].flatMap(([session, until]) => (now > until ? [session] : []))
    const expired = [...this.held].filter(([, { confirmedAt }]) => now - confirmedAt >= LEASE_SECONDS * 1000)
    for (const [appKey] of expired) {
      this.log.warn('the lease of a long connection has run out', { app: appKey })
      this.held.delete(appKey)
    }
    await Promise.all([
      ...over.map((session) => this.leave(session)),
      ...expired.map(([, { session }]) => session.close())
    ])
  }

  /** Lets others take these, or no longer (null). */
  async offer(appKeys: readonly string[], offer: Offer | null): Promise<void> {
    const chosen = appKeys.flatMap((appKey) => this.held.get(appKey) ?? [])
    // First, so that a lease that is taken right away is known to have been offered.
    if (offer) for (const held of chosen) held.offered = offer
    await this.leases.offer(
      chosen.map(({ session }) => session.lease),
      offer
    )
    for (const held of chosen) held.offered = offer
  }

  renewAll(): Promise<void> {
    return this.renew([...this.held.keys()])
  }

  /** Never rejects: a lease that can not be released expires. */
  async close(appKey: string): Promise<void> {
    const held = this.held.get(appKey)
    if (!held) return
    this.held.delete(appKey)
    await held.session.close()
    await this.leases.release(held.session.lease, this.clock.now()).catch((error: unknown) => {
      this.log.warn('the lease of a long connection was not released', { app: appKey }, error)
    })
  }

  async closeAll(): Promise<void> {
    await Promise.all([
      ...[...this.held.keys()].map((appKey) => this.close(appKey)),
      ...[...this.leaving.keys()].map((session) => this.leave(session))
    ])
  }

  private async followOne(appKey: string, held: Held, row: ConnectionRow | undefined): Promise<void> {
    if (this.held.get(appKey) !== held) return
    if (row?.leaseToken !== held.session.lease.token) return this.lost(appKey, held)
    if (row.desiredState === 'disconnected') return this.close(appKey)
    const wish = row.reconnectAt?.getTime() ?? 0
    if (wish <= held.reconnectAt) return
    held.reconnectAt = wish
    held.session.reconnect()
  }

  /** Never rejects. One statement for all of them; each waits for the write before its own. */
  private async renew(appKeys: readonly string[]): Promise<void> {
    const held = appKeys.flatMap((appKey) => this.held.get(appKey) ?? [])
    const before = Promise.all(held.map(({ writes }) => writes))
    const work = before.then(() => this.write(held.filter((one) => this.held.get(one.app.appKey) === one)))
    for (const one of held) one.writes = work
    await work
  }

  private async write(held: readonly Held[]): Promise<void> {
    const startedAt = performance.now()
    try {
      const renewing = this.leases.renew(held.map(({ session }) => ({ lease: session.lease, record: session.record })))
      // Only the waiting ends: a renewal that takes long may take effect.
      await inTime(
        ROUND_STATEMENT_MS,
        'a renewal',
        renewing.then((renewed) => this.confirm(held, renewed, startedAt))
      )
    } catch (error) {
      this.log.warn('leases were not renewed', { apps: held.length }, error)
    }
  }

  private async confirm(held: readonly Held[], renewed: ReadonlySet<string>, startedAt: number): Promise<void> {
    for (const one of held) {
      if (renewed.has(one.app.appKey)) one.confirmedAt = Math.max(one.confirmedAt, startedAt)
      else await this.lost(one.app.appKey, one)
    }
  }

  /** Another instance has it, or an admin switched it off. */
  private async lost(appKey: string, held: Held): Promise<void> {
    if (this.held.get(appKey) !== held) return
    if (held.offered) {
      this.held.delete(appKey)
      this.leaving.set(held.session, performance.now() + OVERLAP_MS)
      return
    }
    this.log.warn('a long connection is given up', { app: appKey })
    await this.close(appKey)
  }

  private async leave(session: ConnectionSession): Promise<void> {
    if (this.leaving.delete(session)) await session.close()
  }
}
