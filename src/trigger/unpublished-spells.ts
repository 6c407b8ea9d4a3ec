import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { InstanceRegistry } from '../cluster'
import { Clock, elapsedMs } from '../shared'

/** Not looked at for so long, a spell is over: nobody knows what was published meanwhile. */
const FORGOTTEN_MS = 15_000
/** A message that waits is looked at by whoever polls first: one instance after the other, each at the latest after so long. */
const TURN_MS = 4_000
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
  private readonly now: () => number

  constructor(
    clock: Clock,
    private readonly instances: InstanceRegistry
  ) {
    this.now = elapsedMs(clock)
  }

  /** Milliseconds since the first look of this spell, this look included. */
  unpublished(integrationId: string): number {
    const now = this.now()
    const former = this.spells.get(integrationId)
    const forgottenMs = FORGOTTEN_MS + (this.instances.living - 1) * TURN_MS
    const since = former && now - former.lastSeen < forgottenMs ? former.since : now
    this.spells.set(integrationId, { since, lastSeen: now })
    return now - since
  }

  published(integrationId: string): void {
    this.spells.delete(integrationId)
  }
}
