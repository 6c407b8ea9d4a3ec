import { DataSource, EntityManager } from 'typeorm'
import { Conversations } from '../../src/conversation/conversations'
import { RunDispatcher } from '../../src/conversation/run-dispatcher'
import { RunEventRepository } from '../../src/conversation/run-event.repository'
import { TurnContexts } from '../../src/conversation/turn-contexts'
import { Identities } from '../../src/directory'
import { Newcomers } from '../../src/directory/newcomers'
import { EndedTurn, TurnOutcome } from '../../src/conversation/turn-outcome'
import { NewTurn, TurnRepository } from '../../src/conversation/turn.repository'
import { HandoffMessage, HostContext, HostServices } from '../../src/host'
import { IntegrationLookUp, IntegrationReader, LarkIntegration } from '../../src/settings'
import { Clock } from '../../src/shared'

/** A host with a handoff queue that only remembers, or refuses while `down`. */
export class FakeHost extends HostContext {
  readonly config = {}
  readonly queued: HandoffMessage[] = []
  down = false

  resolve<T>(token: unknown): T {
    if (token !== 'XPERT_PLUGIN_HANDOFF_PERMISSION_SERVICE') throw new Error(`the test's host has no ${String(token)}`)
    const enqueue = async (message: HandoffMessage): Promise<{ id: string }> => {
      if (this.down) throw new Error('Connection is closed')
      this.queued.push(message)
      return { id: message.id }
    }
    return { enqueue } as T
  }
}

export class FixedClock extends Clock {
  constructor(public at: Date) {
    super()
  }

  now(): Date {
    return this.at
  }
}

export class OneIntegration extends IntegrationReader {
  constructor(private readonly integration: LarkIntegration | null) {
    super()
  }

  async find(): Promise<LarkIntegration | null> {
    return this.integration
  }

  async lookUp(): Promise<IntegrationLookUp> {
    return this.integration ? { integration: this.integration } : 'unknown'
  }

  drop(): void {}
}

export class RememberedOutcomes extends TurnOutcome {
  readonly ended: EndedTurn[] = []

  async turnEnded(_manager: EntityManager, turn: EndedTurn): Promise<void> {
    this.ended.push(turn)
  }
}

export const conversationParts = (dataSource: DataSource, now: Date) => {
  const host = new FakeHost()
  const clock = new FixedClock(now)
  const turns = new TurnRepository(dataSource)
  const events = new RunEventRepository(dataSource)
  const outcome = new RememberedOutcomes()
  const services = new HostServices(host)
  const identities = new Identities(dataSource, services, new Newcomers(services, clock), clock)
  const contexts = new TurnContexts(new OneIntegration(null), identities)
  const dispatcher = new RunDispatcher(services, turns, contexts, clock)
  const conversations = new Conversations(turns, events, dispatcher, outcome, clock)
  return { host, clock, turns, events, outcome, conversations }
}

export const newTurn = (messageId: string, more: Partial<NewTurn> = {}): NewTurn => ({
  integrationId: 'integration',
  tenantId: 'tenant',
  organizationId: 'org',
  scopeKey: 'direct:oc_1',
  xpertId: 'xpert',
  chatType: 'p2p',
  chatId: 'oc_1',
  message: { messageId, senderId: 'ou_1', text: `text of ${messageId}` },
  ...more
})
