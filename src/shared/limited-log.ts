import { LRUCache } from 'lru-cache'
import { Clock } from './clock'
import { Facts, Log } from './log'

const EVERY_MS = 60_000
const MAX_KEYS = 1_000

/**
 * For what a stranger may cause as often as he likes: one line a key and minute, with how often it happened since the
 * line before.
 */
export class LimitedLog {
  private readonly entries = new LRUCache<string, { saidAt: number; since: number }>({ max: MAX_KEYS })

  constructor(
    private readonly log: Log,
    private readonly clock: Clock
  ) {}

  warn(key: string, sentence: string, facts: Facts, error?: unknown): void {
    const now = this.clock.now().getTime()
    const entry = this.entries.get(key)
    if (entry && Math.abs(now - entry.saidAt) < EVERY_MS) {
      entry.since += 1
      return
    }
    this.log.warn(sentence, { ...facts, times: (entry?.since ?? 0) + 1 }, error)
    this.entries.set(key, { saidAt: now, since: 0 })
  }
}
