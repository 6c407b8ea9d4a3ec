import { Injectable } from '@nestjs/common'
import { IntegrationRows } from '../host'
import { inTime, isUuid, Log, RoundLoop, STATEMENT_MS } from '../shared'
import { IntegrationReader } from './integration-reader'
import { IntegrationListener } from './ports'

const LOOK_MS = 200
/** A save that takes longer, or never came, is seen like one of another instance. */
const GIVE_UP_MS = 15_000

interface Announced {
  /** The row as it was; null where it could not be read. */
  version: string | null
  /** On `performance.now()`. */
  until: number
  isRemoval: boolean
  apps: Apps
}

/** App keys before and after a change; undefined where the options name none. */
interface Apps {
  before?: string | undefined
  after?: string | undefined
}

const areOthers = ({ before, after }: Apps): boolean => before !== undefined && after !== undefined && before !== after

/**
 * Tells the rooms of this process that an integration was changed or removed; each at its own risk. The host announces a
 * change before it writes it and says nothing afterwards, so the row is watched until it is another one: nobody acts on
 * the old options, and nobody remembers them.
 */
@Injectable()
export class IntegrationChanges {
  private readonly log = new Log('settings')
  private readonly listeners: IntegrationListener[] = []
  private readonly announcements = new Map<string, Announced>()
  private readonly rounds = new RoundLoop(() => this.look(), LOOK_MS, this.log, 'integration changes')

  constructor(
    private readonly reader: IntegrationReader,
    private readonly rows: IntegrationRows
  ) {}

  listen(listener: IntegrationListener): void {
    this.listeners.push(listener)
  }

  /** From the life cycle: a timer that a request starts would keep its context. */
  start(): void {
    this.rounds.start()
  }

  stop(): Promise<void> {
    return this.rounds.stop()
  }

  /** Before the host's write. */
  async announced(integrationId: string, apps: Apps = {}): Promise<void> {
    await this.watch(integrationId, false, apps)
  }

  /** Of integrations that went without a word, with their tenant or while no instance ran, nothing is kept either. */
  async removeUnannounced(): Promise<number> {
    const kept = new Set((await Promise.all(this.listeners.map((one) => one.kept?.() ?? []))).flat().filter(isUuid))
    const existing = await this.rows.existing([...kept])
    const gone = [...kept].filter((id) => !existing.has(id))
    for (const id of gone) await this.gone(id)
    return gone.length
  }

  private async changed(integrationId: string, isOtherApp: boolean): Promise<void> {
    this.reader.release(integrationId)
    await this.tell(integrationId, (listener) => listener.integrationChanged(integrationId, isOtherApp))
  }

  /** Before the host's deletion. */
  async removed(integrationId: string): Promise<void> {
    await this.watch(integrationId, true, {})
    await this.tell(integrationId, (listener) => listener.integrationRemoved(integrationId, false))
  }

  /** Between the announcement and the deletion a message may have left something again. */
  private async gone(integrationId: string): Promise<void> {
    this.reader.release(integrationId)
    await this.tell(integrationId, (listener) => listener.integrationRemoved(integrationId, true))
  }

  private async watch(integrationId: string, isRemoval: boolean, { before, after }: Apps): Promise<void> {
    const versions = await this.versionsOf([integrationId])
    const version = versions?.get(integrationId) ?? null
    // Of a first save that nobody has looked at yet.
    const apps = { before: this.announcements.get(integrationId)?.apps.before ?? before, after }
    this.announcements.set(integrationId, { version, until: performance.now() + GIVE_UP_MS, isRemoval, apps })
    this.reader.hold(integrationId)
  }

  private async look(): Promise<void> {
    if (this.announcements.size === 0) return
    const open = [...this.announcements]
    const versions = await this.versionsOf(open.map(([id]) => id))
    const now = performance.now()
    const isWritten = ([id, { version }]: [string, Announced]): boolean =>
      versions !== null && version !== null && versions.get(id) !== version
    for (const entry of open.filter((one) => isWritten(one) || now > one[1].until)) {
      const [id, announced] = entry
      // A second save may have been announced meanwhile.
      if (this.announcements.get(id) === announced) this.announcements.delete(id)
      if (announced.isRemoval && versions !== null && !versions.has(id)) await this.gone(id)
      else await this.changed(id, isWritten(entry) && areOthers(announced.apps))
      if (this.announcements.has(id)) this.reader.hold(id)
    }
  }

  /** Null where they can not be read. */
  private versionsOf(ids: string[]): Promise<ReadonlyMap<string, string> | null> {
    return inTime(STATEMENT_MS, 'a look at changed integrations', this.rows.versions(ids)).catch(() => null)
  }

  private async tell(integrationId: string, call: (listener: IntegrationListener) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(this.listeners.map(call))
    for (const result of results) {
      if (result.status === 'rejected') {
        this.log.warn('a room did not take an integration change', { integration: integrationId }, result.reason)
      }
    }
  }
}
