import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { Facts, letGo, Log, within } from '../shared'
import { AttemptRepository, FORGOTTEN, ForgottenReason, OwnTurns, StoppedRun } from './attempt.repository'
import { logFailedTurn } from './failed-turn'
import { RunDispatcher } from './run-dispatcher'
import { RunEventRepository } from './run-event.repository'
import { SessionRepository } from './session.repository'
import { EndedTurn, TurnOutcome } from './turn-outcome'
import { RunningTurn } from './turn-row'
import { TurnRepository } from './turn.repository'

/** The host's queue takes a message within milliseconds, or lets it wait for as long as it is out of order. */
const PATIENCE_MS = 2_000

/** Reasons after which a person may ask for the same answer again. */
const REPEATABLE: ReadonlySet<string> = new Set([
  'run_failed',
  'conversation_gone',
  'run_lost',
  'run_interrupted',
  'run_cancelled',
  'stopped'
])

/** How a turn ends. */
export interface TurnEnd extends Omit<EndedTurn, 'turnId'> {
  /** What became of its conversation, where the run could not go on with it: the host does not have it, or refused the run. */
  conversation?: 'gone' | 'refused'
  /** Its card does not say so yet. */
  closeDue?: boolean
  /** Written in the same transaction, such as what its card shows by now. */
  alongside?: (manager: EntityManager) => Promise<void>
}

/** The turns of a session, one after the other (host-observed 40): what begins, what ends, and what comes next. */
@Injectable()
export class TurnQueue {
  private readonly log = new Log('conversation')

  constructor(
    private readonly turns: TurnRepository,
    private readonly attempts: AttemptRepository,
    private readonly sessions: SessionRepository,
    private readonly events: RunEventRepository,
    private readonly dispatcher: RunDispatcher,
    private readonly outcome: TurnOutcome
  ) {}

  /**
   * Ends a turn, writes its outcome, and starts the session's next one. False when somebody else has ended it.
   * @param failure what of a run's failure may be logged
   */
  async end(
    turn: RunningTurn,
    { conversation, closeDue = false, alongside, ...ended }: TurnEnd,
    now: Date,
    failure: Facts = {}
  ): Promise<boolean> {
    const { events, next } = await this.turns.transaction(async (manager) => {
      await this.sessions.noteActivity(manager, turn.sessionId, conversation ? null : turn.conversationId, now)
      const keepTexts = ended.outcome !== 'answered' && REPEATABLE.has(ended.reason)
      if (!(await this.turns.end(manager, turn, { ...ended, keepTexts, closeDue }, now)))
        return { events: null, next: null }
      await alongside?.(manager)
      await this.events.remove(manager, turn.attempt)
      if (conversation) await this.doubt(manager, turn, conversation)
      const rows = await this.outcome.turnEnded(manager, { turnId: turn.id, ...ended }, now)
      return { events: rows, next: await this.next(manager, turn.sessionId, now) }
    })
    if (events && ended.outcome === 'failed') logFailedTurn(this.log, turn, ended.reason, { events, failure })
    if (next) await this.dispatch(next)
    return events !== null
  }

  /** A run could not go on with the conversation of its locked session. */
  async doubt(manager: EntityManager, turn: RunningTurn, conversation: 'gone' | 'refused'): Promise<void> {
    const { sessionId, conversationId } = turn
    if (conversationId === null) return
    if (conversation === 'refused') return this.sessions.noteRefusal(manager, sessionId, conversationId)
    await this.sessions.forsake(manager, sessionId, conversationId)
    this.log.warn('the host does not have a conversation any more', { turn: turn.id, conversation: conversationId })
  }

  /** An ended turn of a locked session goes on, and the rows of its messages with it; null where it may not. */
  async reopen(manager: EntityManager, turnId: string): Promise<'running' | 'waiting' | null> {
    if (await this.outcome.isRepeated(turnId, manager)) return null
    const state = await this.attempts.reopen(manager, turnId)
    if (state) await this.outcome.turnReopened(manager, turnId)
    return state
  }

  /** Starts the next waiting turn of a locked session; dispatch it once the transaction is done. */
  async next(manager: EntityManager, sessionId: string, now: Date): Promise<RunningTurn | null> {
    const next = await this.turns.startNext(manager, sessionId)
    if (next) await this.forgetQuestions(manager, sessionId, 'overtaken', now)
    return next
  }

  /** A plain message makes the host forget what a run asked (host-observed 42). */
  async forgetQuestions(manager: EntityManager, sessionId: string, reason: ForgottenReason, now: Date): Promise<void> {
    const forgotten = await this.attempts.forgetQuestions(manager, sessionId, reason, now)
    await this.dropped(manager, forgotten, reason, now)
  }

  /** Up to `limit` questions of any session: nobody will answer them any more. */
  async forgetOldQuestions(limit: number, now: Date): Promise<void> {
    await this.turns.transaction(async (manager) => {
      await letGo(manager)
      await this.dropped(manager, await this.attempts.forgetOldQuestions(manager, limit, now), FORGOTTEN, now)
    })
  }

  /** Ends a turn that has no run; its session is locked. False when it has one, or has ended. */
  async dropIdle(manager: EntityManager, turnId: string, reason: string, now: Date): Promise<boolean> {
    return this.dropped(manager, await this.attempts.dropIdle(manager, turnId, reason, now), reason, now)
  }

  /** What the sender collects or asks in a locked session is not answered, or not done. False when there is nothing. */
  async dropOwn(manager: EntityManager, sessionId: string, own: OwnTurns, reason: string, now: Date): Promise<boolean> {
    return this.dropped(manager, await this.attempts.dropOwn(manager, sessionId, own, reason, now), reason, now)
  }

  /**
   * A dispatch that fails is not lost: the turn is stored, and `TurnWatch` dispatches what nobody noted as dispatched. One that
   * the host lets wait goes on by itself after a while: whoever brought the turn has others to look after.
   */
  dispatch(turn: RunningTurn): Promise<void> {
    return this.patiently(turn, this.dispatcher.dispatch(turn))
  }

  /** Like `dispatch`, of a turn whose dispatch nobody noted: the host may have it all the same. */
  repeatDispatch(turn: RunningTurn): Promise<void> {
    return this.patiently(turn, this.repeat(turn))
  }

  /**
   * Two runs at once in one conversation lose history (host-observed 40), and a stop would end one of them only. So the former one is
   * cancelled first, and its id is given up once the queue has the cancel; its attempt before that, so that the end which the cancel
   * makes is nobody's answer, wherever this stops. A resume is the same execution however often it is dispatched.
   */
  private async repeat(turn: RunningTurn): Promise<void> {
    if (turn.stopReason || turn.resume) return this.dispatcher.dispatch(turn)
    const attempt = await this.turns.transaction(async (manager) => {
      const given = await this.attempts.giveUp(manager, turn)
      if (given !== null) await this.events.remove(manager, turn.attempt)
      return given
    })
    if (attempt === null) return
    // Under its own attempt: the cancel says nothing of the next one.
    await this.dispatcher.cancel(turn)
    const next = await this.turns.transaction(async (manager) =>
      (await this.attempts.repeat(manager, { id: turn.id, attempt })) ? this.turns.read(manager, turn.id) : null
    )
    if (next) await this.dispatcher.dispatch(next)
  }

  private patiently(turn: RunningTurn, dispatch: Promise<void>): Promise<void> {
    return within(
      PATIENCE_MS,
      dispatch.catch((error: unknown) => {
        this.log.warn('a dispatch failed and will be repeated', { turn: turn.id }, error)
      })
    )
  }

  private async dropped(
    manager: EntityManager,
    turnIds: readonly string[],
    reason: string,
    now: Date
  ): Promise<boolean> {
    for (const turnId of turnIds) await this.outcome.turnEnded(manager, { turnId, outcome: 'dropped', reason }, now)
    return turnIds.length > 0
  }

  /** A cancel that fails is not lost either: a stopped turn ends after a while all the same. */
  cancel(run: StoppedRun): Promise<void> {
    return within(
      PATIENCE_MS,
      this.dispatcher.cancel(run).catch((error: unknown) => {
        this.log.warn('a run could not be cancelled', { turn: run.id }, error)
      })
    )
  }
}
