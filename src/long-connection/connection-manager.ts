import { Injectable } from '@nestjs/common'
import { InstanceIdentity, InstanceRegistry } from '../cluster'
import { EventTarget, IntegrationListener, LarkIntegration } from '../settings'
import { Clock, inTime, LimitedLog, Log, RoundLoop, within } from '../shared'
import { byApp, decideApp, isSameScope, WantedApp } from './app-decision'
import { ConflictLog } from './conflict-log'
import { ConnectionLeases, ConnectionRow, ROUND_STATEMENT_MS } from './connection-lease'
import { ConnectionConflict } from './connection.entity'
import { excessOf, fairShare, takeable } from './fair-share'
import { HeldConnections } from './held-connections'
import { KnownIntegrations } from './known-integrations'
import { SecretChecks, secretDigest } from './secret-checks'

/** Short: what is saved, freed or asked for on any instance takes effect within it. A round is a few small statements. */
const ROUND_MS = 1_000
const RENEW_MS = 10_000

/** How often the leases are looked at that nobody could renew. */
const EXPIRY_MS = 1_000

/** The host leaves 6 s for everything: rounds under way, the hand-over, then whatever is left. */
const STOP_ROUNDS_MS = 1_000
const HAND_OVER_MS = 3_000
const HAND_OVER_LOOK_MS = 100
const CLOSE_MS = 1_500

/** What surrounds the connections of this process. */
@Injectable()
export class ConnectionSurroundings {
  constructor(
    readonly integrations: KnownIntegrations,
    readonly target: EventTarget,
    readonly checks: SecretChecks,
    readonly instances: InstanceRegistry,
    readonly identity: InstanceIdentity,
    readonly clock: Clock
  ) {}
}

/**
 * Keeps one connection per app on this host: every round the integrations that need one are compared with the table and the
 * connections held here; free leases are taken, connections nobody wants are closed, and what is more than a fair share is
 * offered to the other instances.
 */
@Injectable()
export class ConnectionManager implements IntegrationListener {
  private readonly log = new Log('long-connection')
  private readonly limited: LimitedLog
  private readonly conflicts = new ConflictLog(this.log)
  private readonly rounds = new RoundLoop(() => this.guardedRound(), ROUND_MS, this.log, 'reconcile')
  private readonly renewals = new RoundLoop(() => this.held.renewAll(), RENEW_MS, this.log, 'renew')
  private readonly expiries = new RoundLoop(() => this.held.closeExpired(), EXPIRY_MS, this.log, 'expire')
  private lastRound: Promise<void> = Promise.resolve()
  private isStopped = true

  constructor(
    private readonly around: ConnectionSurroundings,
    private readonly leases: ConnectionLeases,
    private readonly held: HeldConnections
  ) {
    this.limited = new LimitedLog(this.log, around.clock)
    around.checks.onAnswer = () => this.rounds.ring()
  }

  /** Begins the rounds; called from the plugin's life cycle, never from a request. */
  async start(): Promise<void> {
    this.isStopped = false
    this.rounds.start()
    this.renewals.start()
    this.expiries.start()
  }

  /** Hands every connection over to another living instance, else closes it and releases its lease. */
  async stop(): Promise<void> {
    this.isStopped = true
    await within(STOP_ROUNDS_MS, Promise.all([this.rounds.stop(), this.renewals.stop(), this.expiries.stop()]))
    await within(HAND_OVER_MS, this.handOver(performance.now() + HAND_OVER_MS))
    await within(CLOSE_MS, this.held.closeAll())
  }

  /** Takes effect at once on this instance; the others see it in their next round. */
  async integrationChanged(integrationId: string): Promise<void> {
    this.around.integrations.markChanged(integrationId)
    this.rounds.ring()
  }

  async integrationRemoved(integrationId: string): Promise<void> {
    this.around.integrations.markRemoved(integrationId)
    this.rounds.ring()
  }

  /** One round more, after the one that may be under way: two at a time would take a lease from each other. */
  reconcile(): Promise<void> {
    const round = this.lastRound.then(() => this.round())
    this.lastRound = round.catch(() => undefined)
    return round
  }

  /** While the database is away every round fails; a line a minute says so. */
  private async guardedRound(): Promise<void> {
    await this.reconcile().catch((error: unknown) => this.limited.warn('round', 'a round failed', {}, error))
  }

  private async round(): Promise<void> {
    const { target, integrations } = this.around
    await inTime(ROUND_STATEMENT_MS, 'a look at the bindings', target.refresh()).catch((error: unknown) =>
      this.limited.warn('b', 'the bindings can not be read', {}, error)
    )
    const changed = await this.readIntegrations()
    const rows = await this.leases.read()
    await this.held.follow(rows)
    const candidates = byApp(integrations.all())
    const wanted = this.decide(candidates, rows)
    await this.closeUnwanted(candidates, wanted)
    for (const app of wanted.values()) {
      this.held.update(
        app,
        app.integrations.some(({ id }) => changed.has(id))
      )
    }
    await this.share(wanted, rows)
    await this.forget(rows)
  }

  /** A failed read is unknown: everything stays as it is. */
  private async readIntegrations(): Promise<ReadonlySet<string>> {
    const { integrations, checks } = this.around
    try {
      const changed = await integrations.refresh()
      for (const { id, settings } of integrations.all()) if (changed.has(id)) checks.forget(settings)
      return changed
    } catch (error) {
      this.limited.warn('integrations', 'the integrations can not be listed', {}, error)
      return new Set()
    }
  }

  private decide(
    candidates: ReadonlyMap<string, LarkIntegration[]>,
    rows: ReadonlyMap<string, ConnectionRow>
  ): Map<string, WantedApp> {
    const { integrations, target, identity } = this.around
    const wanted = new Map<string, WantedApp>()
    for (const [appKey, ofApp] of candidates) {
      const row = rows.get(appKey)
      // Its owner decides; what others would find out costs calls to Lark.
      if (row?.isHeld && !row.offered && row.owner !== identity.id) continue
      const app = decideApp(appKey, ofApp, {
        ...(row ? { recorded: { ...row, isProven: row.acceptedSecret !== null } } : {}),
        verdictOf: ({ settings }) =>
          row?.acceptedSecret === secretDigest(settings) ? 'accepted' : this.around.checks.verdictOf(settings),
        isUnclear: (scope) => integrations.isUnclear(scope)
      })
      if (!app) continue
      const published = target.published(app.integrations)
      if (published.length > 1) app.conflicts.push(...published.map(toTwoBindings))
      wanted.set(appKey, app)
    }
    this.conflicts.say([...wanted.values()].flatMap(({ conflicts }) => conflicts))
    return wanted
  }

  /** Where nobody can say whose an app is, what is held stays. */
  private async closeUnwanted(
    candidates: ReadonlyMap<string, unknown>,
    wanted: ReadonlyMap<string, WantedApp>
  ): Promise<void> {
    const unwanted = [...this.held.all()].filter(([appKey, { app }]) => {
      const decided = wanted.get(appKey)
      return !candidates.has(appKey) || (decided !== undefined && !isSameScope(decided, app))
    })
    await Promise.all(unwanted.map(([appKey]) => this.held.close(appKey)))
  }

  /** Takes what is free, and evens out what the living instances hold. */
  private async share(wanted: ReadonlyMap<string, WantedApp>, rows: ReadonlyMap<string, ConnectionRow>): Promise<void> {
    const { instances, identity } = this.around
    const mine = [...this.held.all().keys()]
    const open = [...wanted.values()].filter((app) => !this.held.get(app.appKey) && isOpenTo(app, rows.get(app.appKey)))
    const others = [...rows.values()].filter(({ isHeld, owner }) => isHeld && owner !== identity.id)
    const apps = new Set([...mine, ...open.map(({ appKey }) => appKey), ...others.map(({ appKey }) => appKey)])
    const share = fairShare(apps.size, await instances.countLiving())
    const appKeys = open.map(({ appKey }) => appKey)
    await this.take(takeable(appKeys, rows, { held: mine.length, share, me: identity.id }), wanted, rows)
    await this.evenOut(mine, share, rows)
  }

  private async take(
    appKeys: readonly string[],
    wanted: ReadonlyMap<string, WantedApp>,
    rows: ReadonlyMap<string, ConnectionRow>
  ): Promise<void> {
    const confirmedAt = performance.now()
    const leases = this.isStopped ? [] : await this.leases.acquire(appKeys.flatMap((key) => wanted.get(key) ?? []))
    for (const lease of leases) {
      const app = wanted.get(lease.appKey)
      if (!app) continue
      this.held.add(app, lease, { confirmedAt, reconnectAt: rows.get(app.appKey)?.reconnectAt?.getTime() ?? 0 })
      // A stop that came meanwhile finds it among the held ones and releases the lease.
      if (!this.isStopped) this.held.start(app.appKey)
    }
  }

  /** By what the table says is offered, so that a statement that failed is repeated. */
  private async evenOut(
    mine: readonly string[],
    share: number,
    rows: ReadonlyMap<string, ConnectionRow>
  ): Promise<void> {
    const excess = excessOf(mine, share)
    const isOffered = (appKey: string): boolean => rows.get(appKey)?.offered === 'balance'
    await this.held.offer(
      mine.filter((appKey) => excess.has(appKey) && !isOffered(appKey)),
      'balance'
    )
    await this.held.offer(
      mine.filter((appKey) => !excess.has(appKey) && isOffered(appKey)),
      null
    )
  }

  /** Rows that no integration of any mode names, once everything that is listed was read. */
  private async forget(rows: ReadonlyMap<string, ConnectionRow>): Promise<void> {
    const { integrations } = this.around
    if (!integrations.isComplete) return
    const named = integrations.appKeys()
    const gone = [...rows.values()].filter(({ appKey, isHeld }) => !isHeld && !named.has(appKey))
    await this.leases.forget(gone.map(({ appKey }) => appKey))
  }

  /** Sockets stay open until the next owner's are, or the time is over. */
  private async handOver(until: number): Promise<void> {
    if (this.held.isEmpty || (await this.around.instances.countLiving()) === 1) return
    await this.held.offer([...this.held.all().keys()], 'stop')
    while (!this.held.isEmpty && performance.now() < until) {
      await this.held.follow(await this.leases.read())
      if (!this.held.isEmpty) await new Promise((resolve) => setTimeout(resolve, HAND_OVER_LOOK_MS))
    }
  }
}

const toTwoBindings = ({ id }: LarkIntegration): ConnectionConflict => ({ integrationId: id, code: 'two_bindings' })

/** Not switched off by its own organisation's admin, and not held by an organisation that is thought to have left it. */
const isOpenTo = (app: WantedApp, row: ConnectionRow | undefined): boolean => {
  if (!row) return true
  return isSameScope(app, row) ? row.desiredState !== 'disconnected' : !row.isHeld
}
