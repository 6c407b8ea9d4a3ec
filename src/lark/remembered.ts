import { LRUCache } from 'lru-cache'
import { Clock, elapsedMs } from '../shared'

const FAILED_MS = 30_000
const MAX_KEYS = 500

interface Entry<Value> {
  answer: Promise<Value | null>
  /** On `elapsedMs`. */
  askedAt: number
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

  /** @param youngerThanMs for whom what was said longer ago is not enough; where Lark does not say more, it is */
  async of(
    key: string,
    ask: () => Promise<Value>,
    youngerThanMs: number = Number.POSITIVE_INFINITY
  ): Promise<Value | null> {
    const now = this.now()
    const known = this.entries.get(key)
    const isGood = known !== undefined && known.until > now
    if (isGood && now - known.askedAt < youngerThanMs) return known.answer
    const entry: Entry<Value> = { answer: Promise.resolve(null), askedAt: now, until: Number.POSITIVE_INFINITY }
    entry.answer = this.ask(entry, ask, isGood ? known : undefined)
    this.entries.set(key, entry)
    return entry.answer
  }

  private async ask(
    entry: Entry<Value>,
    ask: () => Promise<Value>,
    former: Entry<Value> | undefined
  ): Promise<Value | null> {
    try {
      const value = await ask()
      entry.until = this.now() + this.freshMs
      return value
    } catch {
      const kept = former ? await former.answer : null
      entry.until = kept === null || !former ? this.now() + FAILED_MS : former.until
      return kept
    }
  }
}
