import { LRUCache } from 'lru-cache'
import { Clock, elapsedMs } from '../shared'

const FAILED_MS = 30_000
const MAX_KEYS = 500

interface Entry<Value> {
  answer: Promise<Value | null>
  /** On `elapsedMs`; open while the answer is under way. */
  until: number
}

/** What Lark says of an app: asked once by all who wait, kept for a while, a failure for 30 s. Never throws. */
export class Remembered<Value> {
  private readonly entries = new LRUCache<string, Entry<Value>>({ max: MAX_KEYS })
  private readonly now: () => number

  constructor(
    clock: Clock,
    private readonly freshMs: number
  ) {
    this.now = elapsedMs(clock)
  }

  async of(key: string, ask: () => Promise<Value>): Promise<Value | null> {
    const known = this.entries.get(key)
    if (known && known.until > this.now()) return known.answer
    const entry: Entry<Value> = { answer: Promise.resolve(null), until: Number.POSITIVE_INFINITY }
    entry.answer = this.ask(entry, ask)
    this.entries.set(key, entry)
    return entry.answer
  }

  private async ask(entry: Entry<Value>, ask: () => Promise<Value>): Promise<Value | null> {
    try {
      const value = await ask()
      entry.until = this.now() + this.freshMs
      return value
    } catch {
      entry.until = this.now() + FAILED_MS
      return null
    }
  }
}
