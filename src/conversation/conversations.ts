import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { Clock, Log } from '../shared'
import { RunDispatcher } from './run-dispatcher'
import { RunEventRepository } from './run-event.repository'
import { EndedTurn, TurnOutcome } from './turn-outcome'
import { NewTurn, RunningTurn, TurnRepository } from './turn.repository'

/** Sessions and their turns: one run at a time per session, in order (host-observed 40). */
@Injectable()
export class Conversations {
  private readonly log = new Log('conversation')

  constructor(
    private readonly turns: TurnRepository,
    private readonly events: RunEventRepository,
    private readonly dispatcher: RunDispatcher,
    private readonly outcome: TurnOutcome,
    private readonly clock: Clock
  ) {}

  /**
   * Stores a turn and, in the same transaction, whatever `alongside` writes about it (the inbox row that it answers); then
   * dispatches it unless another turn of its session comes first.
   */
  async open(input: NewTurn, alongside: (manager: EntityManager, turnId: string) => Promise<void>): Promise<void> {
    const now = this.clock.now()
    const started = await this.turns.transaction(async (manager) => {
      const session = await this.turns.openSession(manager, input, now)
      const turn = await this.turns.add(manager, session.id, input.message, now)
      await alongside(manager, turn.id)
      return turn.state === 'running' ? this.toRunning(input, session, turn) : null
    })
    if (started) await this.dispatch(started)
  }

  /** Ends a turn, writes its outcome, and starts the session's next one. False when somebody else has ended it. */
  async end(turn: RunningTurn, ended: Omit<EndedTurn, 'turnId'>): Promise<boolean> {
    const now = this.clock.now()
    const { done, next } = await this.turns.transaction(async (manager) => {
      await this.turns.lockSession(manager, turn.sessionId, turn.conversationId, now)
      if (!(await this.turns.end(manager, turn, ended.outcome, ended.reason, now))) return { done: false, next: null }
      await this.events.remove(manager, turn.attempt)
      await this.outcome.turnEnded(manager, { turnId: turn.id, ...ended }, now)
      return { done: true, next: await this.turns.startNext(manager, turn.sessionId) }
    })
    if (next) await this.dispatch(next)
    return done
  }

  /** A dispatch that fails is not lost: the turn is stored, and `TurnWatch` dispatches what nobody noted as dispatched. */
  async dispatch(turn: RunningTurn): Promise<void> {
    try {
      await this.dispatcher.dispatch(turn)
    } catch (error) {
      this.log.warn('a dispatch failed and will be repeated', { turn: turn.id }, error)
    }
  }

  private toRunning(
    input: NewTurn,
    session: { id: string; conversationId: string | null },
    turn: { id: string; attempt: string; executionId: string }
  ): RunningTurn {
    return {
      id: turn.id,
      sessionId: session.id,
      attempt: turn.attempt,
      executionId: turn.executionId,
      runStartedAt: null,
      appliedSequence: 0,
      messages: [input.message],
      senderId: input.message.senderId,
      anchorMessageId: input.message.messageId,
      tenantId: input.tenantId,
      organizationId: input.organizationId,
      integrationId: input.integrationId,
      xpertId: input.xpertId,
      chatType: input.chatType,
      chatId: input.chatId,
      threadId: input.threadId ?? null,
      conversationId: session.conversationId
    }
  }
}
