import { inTime, TimedOutError } from './in-time'
import { LeaseLostError } from './plugin-error'

interface GroupOptions {
  /** How long the next statement waits when the last one has only just ended. */
  gatherMs?: number
  /**
   * After so long a group is given up with a `TimedOutError`, and the next one has its turn. Only where the statement may then
   * still take effect, once more or beside the next one; without it, one that hangs holds up everything that comes later.
   */
  limitMs?: number
  /** The statement is part of somebody's transaction: after an error nothing more can be tried in it. */
  isWithinTransaction?: boolean
}

interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * PostgreSQL's classes for bad data, broken constraints, exceeded limits, and a deadlock with another instance's group; a lock
 * that could not be had in time; or what one of them held is somebody else's by now.
 */
const isOneItemsFault = (error: unknown): boolean => {
  if (error instanceof LeaseLostError) return true
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return /^(22|23|40|54|55P03)/.test(code)
}

/**
 * One statement at a time in this process. A lone item has its own at once; what arrives meanwhile shares the next statement,
 * which waits for `gatherMs` when the last one has only just ended.
 * When a group fails because of one of its items, each is tried by itself, so that the bad one fails alone; when the
 * database is away, nobody waits for each in turn.
 */
export class GroupedQueue<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = []
  private busy = false

  /** @param statement answers for each item, in order; throws when it did nothing for any of them */
  constructor(
    private readonly statement: (items: readonly Item[]) => Promise<Result[]>,
    private readonly maxGroup: number,
    private readonly options: GroupOptions = {}
  ) {}

  /** Resolves when the item's own statement has ended. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject })
      if (!this.busy) void this.drain()
    })
  }

  /** Never rejects. */
  private async drain(): Promise<void> {
    this.busy = true
    const { gatherMs = 0 } = this.options
    // Those who ask in the same breath share a statement.
    await Promise.resolve()
    while (this.waiting.length > 0) {
      await this.runGroup(this.waiting.splice(0, this.maxGroup))
      if (gatherMs > 0) await new Promise((resolve) => setTimeout(resolve, gatherMs))
    }
    this.busy = false
  }

  /** What it failed with as a whole, if it did. */
  private async runGroup(group: readonly Waiting<Item, Result>[]): Promise<unknown> {
    try {
      const results = await this.run(group.map(({ item }) => item))
      group.forEach((waiting, place) => waiting.resolve(results[place]!))
      return undefined
    } catch (error) {
      const triesEach = group.length > 1 && !this.options.isWithinTransaction && isOneItemsFault(error)
      if (triesEach) await this.runEach(group)
      else for (const waiting of group) waiting.reject(error)
      return error
    }
  }

  private async runEach(group: readonly Waiting<Item, Result>[]): Promise<void> {
    for (const [place, waiting] of group.entries()) {
      const error = await this.runGroup([waiting])
      if (!(error instanceof TimedOutError)) continue
      for (const later of group.slice(place + 1)) later.reject(error)
      return
    }
  }

  private run(items: readonly Item[]): Promise<Result[]> {
    const { limitMs } = this.options
    const work = this.statement(items)
    return limitMs === undefined ? work : inTime(limitMs, 'a group', work)
  }
}
