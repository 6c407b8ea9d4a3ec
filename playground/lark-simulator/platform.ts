import { EventPush } from './push/event-push'
import { LongConnections } from './push/long-connection'
import { WebhookPush } from './push/webhook-push'
import { CardTokens } from './state/card-tokens'
import { Faults } from './state/faults'
import { Limits } from './state/limits'
import { Traffic } from './state/traffic'
import { UuidMemory } from './state/uuid-memory'
import { World } from './state/world'

/** Everything that one simulator is made of. */
export class Platform {
  readonly world = new World()
  readonly faults = new Faults()
  readonly limits = new Limits()
  readonly uuids = new UuidMemory()
  readonly cardTokens = new CardTokens()
  readonly internalErrors: string[] = []
  readonly traffic = new Traffic(this.world.changes)
  readonly webhook = new WebhookPush()
  readonly sockets = new LongConnections(this.faults, this.world.changes, this.world.violations)
  readonly push = new EventPush(this.webhook, this.sockets, this.faults, this.traffic)

  stop(): void {
    this.push.cancelRetries()
    this.sockets.stop()
    this.webhook.close()
  }
}
