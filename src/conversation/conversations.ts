import { Injectable } from '@nestjs/common'
import { PluginError } from '../shared'
import { ScopeIdentity, SessionScope } from './session-scope'
import { OpenSession } from './session-visit'
import { Hold, NewTurn, Opening, TurnOpening } from './turn-opening'
import { TurnQueue } from './turn-queue'
import { RunningTurn } from './turn-row'
import { TurnRow } from './turn.repository'
import { TurnWindows } from './turn-windows'
import { WaitingSigns } from './waiting-signs'

/** Too many bots in a row have had a turn in this chat. */
export class BotLoopError extends PluginError<'bot_loop'> {
  constructor(readonly botTurns: number) {
    super('bot_loop', 'Bots have talked to each other for too long')
  }
}

/** Sessions and their turns: one run at a time per session, in order (host-observed 40). */
@Injectable()
export class Conversations {
  constructor(
    private readonly opening: TurnOpening,
    private readonly windows: TurnWindows,
    private readonly signs: WaitingSigns,
    private readonly queue: TurnQueue
  ) {}

  /**
   * Stores a message in a turn and, in the same transaction, whatever `alongside` writes about it (the inbox row that it
   * answers); then dispatches the turn unless it still collects or another one of its session comes first. Throws
   * `BotLoopError`, and no turn is stored, when bots have talked to each other for too long.
   */
  async open(input: NewTurn, alongside: Opening['alongside']): Promise<void> {
    const { former, session, botTurns, rows, heldAt } = await this.opening.open({ input, alongside })
    const running = rows.filter(({ state }) => state === 'running')
    const started = session ? running.map((row) => ({ ...toRunning(input, session, row), heldAt })) : []
    const dispatches = [...(former ? [former] : []), ...started].map((turn) => this.queue.dispatch(turn))
    for (const { state, deadline } of rows) {
      if (state === 'window' && deadline) this.windows.expect(deadline)
      if (state === 'waiting') this.signs.expect()
    }
    await Promise.all(dispatches)
    if (!session) throw new BotLoopError(botTurns)
  }

  /**
   * The scope's next message begins a new session.
   * @param hold throws, in the transaction, when this is not the caller's to do any more: the scope may have a new session by then
   */
  async startNew(scope: ScopeIdentity, senderId: string, hold: Hold): Promise<void> {
    const former = await this.opening.leave(scope, senderId, hold)
    if (former) await this.queue.dispatch(former)
  }
}

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
  startedMsAgo: 0,
  stopReason: null,
  isCancelled: false,
  tenantId: scope.tenantId,
  organizationId: scope.organizationId,
  integrationId: scope.integrationId,
  xpertId: scope.xpertId,
  chatType: scope.chatType,
  chatId: scope.chatId,
  threadId: scope.threadId ?? null,
  conversationId: session.conversationId,
  refusedRuns: 0
})
