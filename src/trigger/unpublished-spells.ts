import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { Clock } from '../shared'

/** Not looked at for so long, a spell is over: nobody knows what was published meanwhile. */
const FORGOTTEN_MS = 15_000
const MAX_INTEGRATIONS = 10_000

interface Spell {
  since: number
  lastSeen: number
}

/**
 * How long this process has found integrations without a binding. An event's own age does not tell it: one that waited behind
 * others may be older than any patience when a republish of a moment meets it.
 */
@Injectable()
export class UnpublishedSpells {
  private readonly spells = new LRUCache<string, Spell>({ max: MAX_INTEGRATIONS })

  constructor(private readonly clock: Clock) {}

  /** Milliseconds since the first look of this spell, this look included. */
  unpublished(integrationId: string): number {
    const now = this.clock.now().getTime()
    const former = this.spells.get(integrationId)
    const since = former && now - former.lastSeen < FORGOTTEN_MS ? former.since : now
    this.spells.set(integrationId, { since, lastSeen: now })
    return now - since
  }

  published(integrationId: string): void {
    this.spells.delete(integrationId)
  }
}
