import { Injectable } from '@nestjs/common'
import { IntegrationRow, IntegrationRows } from '../host'
import { IntegrationReader, LarkIntegration } from '../settings'
import { Log } from '../shared'

interface Known {
  integration: LarkIntegration
  /** Epoch milliseconds of the row that was read. */
  updatedAt: number
  /** Rounds in a row in which a list that did name others did not name it. */
  missed: number
}

/** One missing look may be a replica's lag or a transaction's moment. */
const MISSES_UNTIL_GONE = 2

/** One that never could be used (no secret yet) is not read again in every round. */
const ROUNDS_BETWEEN_READS = 12

/**
 * The integrations of this host, as far as this process knows. What can not be read keeps its last known state: nothing is
 * ever taken for deleted because a read failed or was empty (design section 4).
 */
@Injectable()
export class KnownIntegrations {
  private readonly log = new Log('long-connection')
  private readonly known = new Map<string, Known>()
  private readonly unusable = new Map<string, { updatedAt: number; rounds: number }>()
  private readonly dirty = new Set<string>()
  private readonly removed = new Set<string>()

  constructor(
    private readonly rows: IntegrationRows,
    private readonly reader: IntegrationReader
  ) {}

  all(): LarkIntegration[] {
    return [...this.known.values()].map(({ integration }) => integration)
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

  /** One query, and one read for every integration that is new or changed. Returns the ids that were read anew. */
  async refresh(): Promise<ReadonlySet<string>> {
    const rows = await this.rows.list()
    if (rows.length === 0) return new Set()
    this.forgetMissing(new Set(rows.map(({ id }) => id)))
    const changed = rows.filter((row) => !this.removed.has(row.id) && this.isChanged(row))
    const read = await Promise.all(changed.map(async (row) => ((await this.read(row)) ? row.id : undefined)))
    return new Set(read.filter((id): id is string => id !== undefined))
  }

  private isChanged(row: IntegrationRow): boolean {
    if (this.dirty.has(row.id)) return true
    const updatedAt = row.updatedAt.getTime()
    if (this.known.get(row.id)?.updatedAt === updatedAt) return false
    const unusable = this.unusable.get(row.id)
    if (unusable?.updatedAt !== updatedAt) return true
    unusable.rounds += 1
    return this.known.has(row.id) || unusable.rounds >= ROUNDS_BETWEEN_READS
  }

  private async read(row: IntegrationRow): Promise<boolean> {
    this.reader.drop(row.id)
    const integration = await this.reader.find(row.id).catch((error: unknown) => {
      this.log.warn('an integration can not be read', { integration: row.id }, error)
      return null
    })
    if (this.removed.has(row.id)) return false
    this.dirty.delete(row.id)
    if (!integration) {
      this.unusable.set(row.id, { updatedAt: row.updatedAt.getTime(), rounds: 0 })
      return false
    }
    this.unusable.delete(row.id)
    this.known.set(row.id, { integration, updatedAt: row.updatedAt.getTime(), missed: 0 })
    return true
  }

  private forgetMissing(listed: ReadonlySet<string>): void {
    for (const ids of [this.removed, this.unusable]) for (const id of ids.keys()) if (!listed.has(id)) ids.delete(id)
    for (const [id, known] of this.known) {
      known.missed = listed.has(id) ? 0 : known.missed + 1
      if (known.missed >= MISSES_UNTIL_GONE) this.known.delete(id)
    }
  }
}
