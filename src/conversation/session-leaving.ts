import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { SessionRepository } from './session.repository'
import { ScopeIdentity } from './session-scope'
import { TurnQueue } from './turn-queue'
import { RunningTurn } from './turn-row'
import { TurnWindows } from './turn-windows'

/** A scope's session is over: its next message begins a new one. */
@Injectable()
export class SessionLeaving {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly windows: TurnWindows,
    private readonly queue: TurnQueue
  ) {}

  /** What the session has to do it still does, what the sender has collected included: that turn is returned, to be dispatched. */
  async leave(manager: EntityManager, scope: ScopeIdentity, senderId: string, now: Date): Promise<RunningTurn | null> {
    const session = await this.sessions.find(manager, scope)
    if (!session) {
      await this.sessions.leaveLast(manager, scope, now)
      return null
    }
    const started = await this.windows.endOf(manager, session.id, senderId, now)
    await this.queue.forgetQuestions(manager, session.id, 'conversation_ended', now)
    await this.sessions.leave(manager, session.id, now)
    return started
  }
}
