import { LRUCache } from 'lru-cache'
import { Clock } from '../shared'
import { BotIdentity } from './lark-api'

const FRESH_MS = 10 * 60_000
const FAILED_MS = 30_000
const MAX_BOTS = 500

interface Entry {
  answer: Promise<BotIdentity | null>
  /** Epoch milliseconds; open while the answer is under way. */
  until: number
}

/** Who the bot is, per app: asked once by all who wait, kept for 10 min, a failure for 30 s. Never throws. */
export class BotIdentities {
  private readonly entries = new LRUCache<string, Entry>({ max: MAX_BOTS })

  constructor(private readonly clock: Clock) {}

  async of(key: string, ask: () => Promise<BotIdentity>): Promise<BotIdentity | null> {
    const known = this.entries.get(key)
    if (known && known.until > this.clock.now().getTime()) return known.answer
    const entry: Entry = { answer: Promise.resolve(null), until: Number.POSITIVE_INFINITY }
    entry.answer = this.ask(entry, ask)
    this.entries.set(key, entry)
    return entry.answer
  }

  private async ask(entry: Entry, ask: () => Promise<BotIdentity>): Promise<BotIdentity | null> {
    try {
      const bot = await ask()
      entry.until = this.clock.now().getTime() + FRESH_MS
      return bot
    } catch {
      entry.until = this.clock.now().getTime() + FAILED_MS
      return null
    }
  }
}
