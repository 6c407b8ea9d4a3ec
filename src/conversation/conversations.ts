import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { Clock, PluginError } from '../shared'
import { OpenSession, SessionRepository, SessionScope } from './session.repository'
import { TurnQueue } from './turn-queue'
import { TurnMessage, TurnOptions } from './turn.entity'
import { RunningTurn, TurnRepository, TurnRow } from './turn.repository'
import { TurnWindows } from './turn-windows'
import { WaitingSigns } from './waiting-signs'
import { WindowLimits } from './window.repository'

export interface NewTurn extends SessionScope {
  message: TurnMessage
  options: TurnOptions
  /** Idle longer than this, the scope gets a new session; 0 for never. */
  sessionTimeoutSeconds: number
  /** The scope's session is over: this is the first message of its next one. */
  startsNew: boolean
  /** A bot asks, not a person. */
  isBot: boolean
  /** Collects the sender's messages first; null answers each. */
  window: WindowLimits | null
}

/** Two bots that answer each other would never end; a person's message lets them go on. */
export const MAX_BOT_TURNS = 10

/** Too many bots in a row have had a turn in this scope. */
export class BotLoopError extends PluginError<'bot_loop'> {
  constructor(readonly botTurns: number) {
    super('bot_loop', 'Bots have talked to each other for too long')
  }
}

/** Sessions and their turns: one run at a time per session, in order (host-observed 40). */
@Injectable()
export class Conversations {
  constructor(
    private readonly turns: TurnRepository,
    private readonly sessions: SessionRepository,
    private readonly windows: TurnWindows,
    private readonly signs: WaitingSigns,
    private readonly queue: TurnQueue,
    private readonly clock: Clock
  ) {}

  /**
   * Stores a message in a turn and, in the same transaction, whatever `alongside` writes about it (the inbox row that it
   * answers); then dispatches the turn unless it still collects or another one of its session comes first. Throws
   * `BotLoopError`, and no turn is stored, when bots have talked to each other for too long.
   */
  async open(input: NewTurn, alongside: (manager: EntityManager, turnId: string) => Promise<void>): Promise<void> {
    const now = this.clock.now()
    const { former, session, rows } = await this.turns.transaction(async (manager) => {
      const former = input.startsNew ? await this.leave(manager, input, input.message.senderId, now) : null
      const session = await this.sessions.open(manager, visitOf(input), now)
      if (session.botTurns > MAX_BOT_TURNS) return { former, session, rows: [] }
      const rows = await this.add(manager, session.id, input, now)
      await alongside(manager, rows.at(-1)!.id)
      if (session.hasQuestion && rows.some(({ state }) => state === 'running'))
        await this.queue.forgetQuestions(manager, session.id, now)
      return { former, session, rows }
    })
    if (former) await this.queue.dispatch(former)
    if (rows.length === 0) throw new BotLoopError(session.botTurns)
    for (const row of rows) {
      if (row.state === 'running') await this.queue.dispatch(toRunning(input, session, row))
      if (row.state === 'window' && row.deadline) this.windows.expect(row.deadline)
      if (row.state === 'waiting') this.signs.expect()
    }
  }

  /** The scope's next message begins a new session. */
  async startNew(scope: SessionScope, senderId: string): Promise<void> {
    const now = this.clock.now()
    const started = await this.turns.transaction((manager) => this.leave(manager, scope, senderId, now))
    if (started) await this.queue.dispatch(started)
  }

  /** Closes the scope's session. What it has to do it still does, what the sender has collected included: that turn is returned. */
  private async leave(
    manager: EntityManager,
    scope: SessionScope,
    senderId: string,
    now: Date
  ): Promise<RunningTurn | null> {
    const session = await this.sessions.find(manager, scope)
    if (!session) return null
    const started = await this.windows.endOf(manager, session.id, senderId, now)
    await this.queue.forgetQuestions(manager, session.id, now)
    await this.sessions.close(manager, session.id, now)
    return started
  }

  /** The message's own turn comes last; before it, the window of the same sender that it found over. */
  private async add(manager: EntityManager, sessionId: string, input: NewTurn, now: Date): Promise<TurnRow[]> {
    if (input.window) return this.windows.join(manager, sessionId, input, input.window, now)
    return [await this.turns.add(manager, sessionId, input, now)]
  }
}

const visitOf = (input: NewTurn) => ({
  scope: input,
  senderId: input.message.senderId,
  isBot: input.isBot,
  timeoutSeconds: input.sessionTimeoutSeconds
})

const toRunning = (scope: SessionScope, session: OpenSession, row: TurnRow): RunningTurn => ({
  id: row.id,
  sessionId: session.id,
  attempt: row.attempt,
  attemptNumber: 1,
  executionId: row.executionId,
  runStartedAt: null,
  appliedSequence: 0,
  messages: row.messages,
  senderId: row.senderId,
  anchorMessageId: row.anchorMessageId,
  options: row.options,
  resume: null,
  stopReason: null,
  isCancelled: false,
  tenantId: scope.tenantId,
  organizationId: scope.organizationId,
  integrationId: scope.integrationId,
  xpertId: scope.xpertId,
  chatType: scope.chatType,
  chatId: scope.chatId,
  threadId: scope.threadId ?? null,
  conversationId: session.conversationId
})
