import { DataSource, EntityManager } from 'typeorm'
import { ClickedTurnRepository } from '../../src/conversation/clicked-turn.repository'
import { Conversations } from '../../src/conversation/conversations'
import { SessionLeaving } from '../../src/conversation/session-leaving'
import { NewTurn, TurnOpening } from '../../src/conversation/turn-opening'
import { AttemptRepository } from '../../src/conversation/attempt.repository'
import { Attempts } from '../../src/conversation/attempts'
import { DispatchLease } from '../../src/conversation/dispatch-lease'
import { RunDispatcher } from '../../src/conversation/run-dispatcher'
import { RunEventRepository } from '../../src/conversation/run-event.repository'
import { Recalls } from '../../src/conversation/recalls'
import { SessionCommands } from '../../src/conversation/session-commands'
import { SessionRepository } from '../../src/conversation/session.repository'
import { Stops } from '../../src/conversation/stops'
import { TurnContexts } from '../../src/conversation/turn-contexts'
import { Identities, UserRepository } from '../../src/directory'
import { Newcomers } from '../../src/directory/newcomers'
import { EndedTurn, TurnOutcome } from '../../src/conversation/turn-outcome'
import { TurnQueue } from '../../src/conversation/turn-queue'
import { TurnWatchRepository } from '../../src/conversation/turn-watch.repository'
import { TurnWindows } from '../../src/conversation/turn-windows'
import { DEFAULT_TURN_OPTIONS } from '../../src/conversation/turn.entity'
import { TurnRepository } from '../../src/conversation/turn.repository'
import { WaitingSigns } from '../../src/conversation/waiting-signs'
import { WindowRepository } from '../../src/conversation/window.repository'
import { HandoffMessage, HostContext, HostConversations, HostServices } from '../../src/host'
import { IntegrationLookUp, IntegrationReader, LarkIntegration } from '../../src/settings'
import { Clock } from '../../src/shared'
import { questionParts } from './question-parts'
import { replyParts } from './reply-parts'

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

  async lookUp(): Promise<IntegrationLookUp> {
    return this.integration ? { integration: this.integration } : 'unknown'
  }

  drop(): void {}
}

export class RememberedOutcomes extends TurnOutcome {
  readonly ended: EndedTurn[] = []

  async turnEnded(_manager: EntityManager, turn: EndedTurn): Promise<string[]> {
    this.ended.push(turn)
    return []
  }

  async turnReopened(): Promise<void> {}

  async isRepeated(): Promise<boolean> {
    return false
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
  const contexts = new TurnContexts(
    new OneIntegration(null),
    identities,
    new UserRepository(dataSource),
    new HostConversations(dataSource)
  )
  const { sign, lark } = replyParts(clock)
  const { questions } = questionParts(dataSource, host, turns, lark)
  const dispatcher = new RunDispatcher(services, new DispatchLease(turns), contexts, sign, questions, clock)
  const sessions = new SessionRepository(dataSource)
  const attemptRows = new AttemptRepository(dataSource)
  const windowRows = new WindowRepository(dataSource)
  const watch = new TurnWatchRepository(dataSource)
  const queue = new TurnQueue(turns, attemptRows, sessions, events, dispatcher, outcome)
  const signs = new WaitingSigns(watch, new OneIntegration(null), sign, clock)
  const windows = new TurnWindows(turns, sessions, windowRows, queue, clock)
  const leaving = new SessionLeaving(sessions, windows, queue)
  const opening = new TurnOpening(turns, sessions, windowRows, queue, leaving, clock)
  const conversations = new Conversations(opening, windows, signs, queue)
  const attempts = new Attempts(turns, attemptRows, sessions, events, queue, clock)
  const stops = new Stops(attemptRows, queue)
  const commands = new SessionCommands(turns, sessions, windows, queue, stops, clock)
  const recalls = new Recalls(turns, attemptRows, sessions, queue, stops, clock)
  return {
    commands,
    recalls,
    host,
    clock,
    turns,
    sessions,
    events,
    outcome,
    conversations,
    queue,
    windows,
    signs,
    attempts,
    attemptRows,
    clickedTurns: new ClickedTurnRepository(dataSource),
    contexts,
    stops,
    watch
  }
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
  options: DEFAULT_TURN_OPTIONS,
  sessionTimeoutSeconds: 0,
  startsNew: false,
  isBot: false,
  window: null,
  ...more
})
