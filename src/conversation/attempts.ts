import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { ResumeRequest } from '../host'
import { Clock, Facts } from '../shared'
import { AttemptRepository } from './attempt.repository'
import { RunEventRepository } from './run-event.repository'
import { SessionRepository } from './session.repository'
import { TurnEnd, TurnQueue } from './turn-queue'
import { RunningTurn } from './turn-row'
import { TurnRepository } from './turn.repository'

/** Written in the same transaction, such as the inbox row of the click that asked for it. */
export type Alongside = (manager: EntityManager, turnId: string) => Promise<void>

/** How an attempt of a turn ends, and further ones: after a dead one, a person's decision, or when a person asks again. */
@Injectable()
export class Attempts {
  constructor(
    private readonly turns: TurnRepository,
    private readonly attempts: AttemptRepository,
    private readonly sessions: SessionRepository,
    private readonly events: RunEventRepository,
    private readonly queue: TurnQueue,
    private readonly clock: Clock
  ) {}

  /**
   * Ends a turn, writes its outcome, and starts the session's next one. False when somebody else has ended it.
   * @param failure what of a run's failure may be logged
   */
  end(turn: RunningTurn, ended: TurnEnd, failure?: Facts): Promise<boolean> {
    return this.queue.end(turn, ended, this.clock.now(), failure)
  }

  /**
   * The host has lost the run and the person has read nothing of it: the question is dispatched once more, for the same reply.
   * Nothing of the former attempt shows from here on. False when the turn has ended or runs under another attempt.
   */
  async dispatchAgain(turn: RunningTurn): Promise<boolean> {
    const next = await this.nextAttempt(turn, turn.conversationId)
    if (!next) return false
    // It may be late and not lost: two runs at once in one conversation lose history (host-observed 40). The dispatch does not
    // wait for it: from the transaction on the turn is this process's only for as long as its dispatch has begun.
    await Promise.all([this.queue.cancel(turn), this.queue.dispatch(next)])
    return true
  }

  /**
   * The host refused the run, did nothing of it, and does not have its conversation any more: the question is dispatched once
   * more, for the same reply, and begins a new one. Only once: nothing refuses a run for a conversation that it was not given.
   * False when the turn has ended or runs under another attempt.
   */
  async dispatchAnew(turn: RunningTurn): Promise<boolean> {
    const next = await this.nextAttempt(turn, null, (manager) => this.queue.doubt(manager, turn, 'gone'))
    if (!next) return false
    await this.queue.dispatch(next)
    return true
  }

  /**
   * The run waits for a person's decision; the session's next turn may start, and this one is overtaken then. False when the
   * turn has ended or runs under another attempt.
   */
  async ask(turn: RunningTurn, operation: Record<string, unknown>, alongside: Alongside): Promise<boolean> {
    const now = this.clock.now()
    const { done, next } = await this.turns.transaction(async (manager) => {
      await this.sessions.noteActivity(manager, turn.sessionId, turn.conversationId, now)
      if (!(await this.attempts.ask(manager, turn, operation))) return { done: false, next: null }
      await alongside(manager, turn.id)
      await this.events.remove(manager, turn.attempt)
      return { done: true, next: await this.queue.next(manager, turn.sessionId, now) }
    })
    if (next) await this.queue.dispatch(next)
    return done
  }

  /** A person decided: the run goes on, on the same reply. False when nobody waits for the decision any more. */
  async resume(turnId: string, resume: ResumeRequest, alongside: Alongside): Promise<boolean> {
    return this.continue(turnId, alongside, async (manager) =>
      (await this.attempts.resume(manager, turnId, resume)) ? 'running' : null
    )
  }

  /**
   * A person asks for the answer of an ended turn again: on the same reply, behind what its session has to do. False when it
   * was answered, an admin has it answered again, or its texts are gone.
   */
  async tryAgain(turnId: string, alongside: Alongside): Promise<boolean> {
    return this.continue(turnId, alongside, (manager) => this.queue.reopen(manager, turnId))
  }

  private nextAttempt(
    turn: RunningTurn,
    conversationId: string | null,
    alongside?: Alongside
  ): Promise<RunningTurn | null> {
    const now = this.clock.now()
    return this.turns.transaction(async (manager) => {
      await this.sessions.noteActivity(manager, turn.sessionId, conversationId, now)
      if (!(await this.attempts.again(manager, turn))) return null
      await this.events.remove(manager, turn.attempt)
      await alongside?.(manager, turn.id)
      return this.turns.read(manager, turn.id)
    })
  }

  private async continue(
    turnId: string,
    alongside: Alongside,
    change: (manager: EntityManager) => Promise<'running' | 'waiting' | null>
  ): Promise<boolean> {
    const now = this.clock.now()
    const { done, started } = await this.turns.transaction(async (manager) => {
      const turn = await this.turns.read(manager, turnId)
      if (!turn) return { done: false, started: null }
      await this.sessions.noteActivity(manager, turn.sessionId, null, now)
      const state = await change(manager)
      if (!state) return { done: false, started: null }
      await alongside(manager, turnId)
      if (state === 'waiting') return { done: true, started: null }
      await this.queue.forgetQuestions(manager, turn.sessionId, 'overtaken', now)
      return { done: true, started: await this.turns.read(manager, turnId) }
    })
    if (started) await this.queue.dispatch(started)
    return done
  }
}
