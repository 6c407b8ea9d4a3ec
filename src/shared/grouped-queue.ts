interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/** PostgreSQL's classes for bad data, broken constraints, exceeded limits, and a deadlock with another instance's group. */
const isOneItemsFault = (error: unknown): boolean => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return /^(22|23|40|54)/.test(code)
}

/**
 * One statement at a time in this process. A lone item is stored at once; what arrives meanwhile shares the next statement,
 * which waits for `gatherMs` when the last one has only just ended.
 * When a group fails because of one of its items, each is stored by itself, so that the bad one fails alone; when the
 * database is away, nobody waits for each in turn.
 */
export class GroupedQueue<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = []
  private storing = false

  /** @param store answers for each item, in order; throws when none of them was stored */
  constructor(
    private readonly store: (items: readonly Item[]) => Promise<Result[]>,
    private readonly maxGroup: number,
    private readonly gatherMs = 0
  ) {}

  /** Resolves when the item's own row is in the database. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject })
      if (!this.storing) void this.drain()
    })
  }

  /** Never rejects. */
  private async drain(): Promise<void> {
    this.storing = true
    while (this.waiting.length > 0) {
      await this.storeGroup(this.waiting.splice(0, this.maxGroup))
      if (this.gatherMs > 0) await new Promise((resolve) => setTimeout(resolve, this.gatherMs))
    }
    this.storing = false
  }

  private async storeGroup(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.store(group.map(({ item }) => item))
      group.forEach((waiting, place) => waiting.resolve(results[place]!))
    } catch (error) {
      if (group.length > 1 && isOneItemsFault(error)) for (const waiting of group) await this.storeGroup([waiting])
      else for (const waiting of group) waiting.reject(error)
    }
  }
}
