import { Injectable } from '@nestjs/common'
import { IntegrationRow, IntegrationRows } from '../host'
import { appKeyOf } from '../lark'
import { IntegrationReader, LarkIntegration } from '../settings'
import { inTime } from '../shared'
import { isSameScope, Scope } from './app-decision'
import { ROUND_STATEMENT_MS } from './connection-lease'

interface Known {
  integration: LarkIntegration
  /** Epoch milliseconds of the row that was read. */
  updatedAt: number
  /** Rounds in a row in which the list did not name it. */
  missed: number
}

/** One missing look may be a replica's lag or a transaction's moment; after this many the row itself is asked for. */
const MISSES_UNTIL_ASKED = 2

/** Rounds between two reads of one that can not be used (no secret), and of one that could not be read and is not known yet. */
const UNUSABLE_ROUNDS = 60
const UNREADABLE_ROUNDS = 5

interface Unread {
  updatedAt: number
  rounds: number
  isReadable: boolean
  tenantId: string
  organizationId: string | null
}

/**
 * The integrations of this host, as far as this process knows. What can not be read keeps its last known state: nothing is
 * ever taken for deleted because a read failed or was empty (host-contract §10 13), only because the host said so or a
 * statement for that very row found none.
 */
@Injectable()
export class KnownIntegrations {
  private readonly known = new Map<string, Known>()
  private readonly unread = new Map<string, Unread>()
  private readonly dirty = new Set<string>()
  private readonly removed = new Set<string>()
  private wasListed = false

  constructor(
    private readonly rows: IntegrationRows,
    private readonly reader: IntegrationReader
  ) {}

  all(): LarkIntegration[] {
    return [...this.known.values()].map(({ integration }) => integration)
  }

  /** Of every mode: whose connections may still matter to somebody. */
  appKeys(): ReadonlySet<string> {
    return new Set(this.all().map(({ settings }) => appKeyOf(settings)))
  }

  markChanged(id: string): void {
    this.removed.delete(id)
    this.dirty.add(id)
  }

  /** Positive knowledge: the host said so. */
  markRemoved(id: string): void {
    this.removed.add(id)
    this.dirty.delete(id)
    this.known.delete(id)
  }

  /** Whether something of this scope is listed, but could not be read. */
  isUnclear(scope: Scope): boolean {
    return [...this.unread].some(
      ([id, unread]) => !unread.isReadable && !this.known.has(id) && isSameScope(unread, scope)
    )
  }

  /** Whether everything that is listed was read at least once. */
  get isComplete(): boolean {
    return this.wasListed && [...this.unread].every(([id, { isReadable }]) => isReadable || this.known.has(id))
  }

  /** One query, and one read for every integration that is new or changed. Returns the ids that were read anew. */
  async refresh(): Promise<ReadonlySet<string>> {
    const rows = await inTime(ROUND_STATEMENT_MS, 'the list of integrations', this.rows.list())
    await this.forgetMissing(new Set(rows.map(({ id }) => id)))
    const changed = rows.filter((row) => !this.removed.has(row.id) && this.isChanged(row))
    const read = await Promise.all(changed.map(async (row) => ((await this.read(row)) ? row.id : undefined)))
    this.wasListed = true
    return new Set(read.filter((id): id is string => id !== undefined))
  }

  private isChanged(row: IntegrationRow): boolean {
    if (this.dirty.has(row.id)) return true
    const updatedAt = row.updatedAt.getTime()
    if (this.known.get(row.id)?.updatedAt === updatedAt) return false
    const unread = this.unread.get(row.id)
    if (unread?.updatedAt !== updatedAt) return true
    unread.rounds += 1
    if (unread.isReadable) return unread.rounds >= UNUSABLE_ROUNDS
    return this.known.has(row.id) || unread.rounds >= UNREADABLE_ROUNDS
  }

  private async read(row: IntegrationRow): Promise<boolean> {
    this.reader.drop(row.id)
    const found = await this.reader.lookUp(row.id)
    if (this.removed.has(row.id)) return false
    this.dirty.delete(row.id)
    const updatedAt = row.updatedAt.getTime()
    if (typeof found === 'string') {
      const { tenantId, organizationId } = row
      const isReadable = found !== 'unavailable'
      this.unread.set(row.id, { updatedAt, rounds: 0, isReadable, tenantId, organizationId })
      return false
    }
    this.unread.delete(row.id)
    this.known.set(row.id, { integration: found.integration, updatedAt, missed: 0 })
    return true
  }

  private async forgetMissing(listed: ReadonlySet<string>): Promise<void> {
    for (const ids of [this.removed, this.unread]) for (const id of ids.keys()) if (!listed.has(id)) ids.delete(id)
    for (const [id, known] of this.known) known.missed = listed.has(id) ? 0 : known.missed + 1
    const missing = [...this.known].filter(([, { missed }]) => missed >= MISSES_UNTIL_ASKED).map(([id]) => id)
    if (missing.length === 0) return
    const existing = await inTime(ROUND_STATEMENT_MS, 'a look for integrations', this.rows.existing(missing))
    for (const id of missing) if (!existing.has(id)) this.known.delete(id)
  }
}
