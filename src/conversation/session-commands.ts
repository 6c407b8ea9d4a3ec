import { Injectable } from '@nestjs/common'
import { Clock } from '../shared'
import { SessionRepository, SessionScope } from './session.repository'
import { Stops } from './stops'
import { TurnQueue } from './turn-queue'
import { TurnWindows } from './turn-windows'
import { TurnRepository } from './turn.repository'

/** What a person orders about a session. Each may be repeated: the second time it finds nothing to do. */
@Injectable()
export class SessionCommands {
  constructor(
    private readonly turns: TurnRepository,
    private readonly sessions: SessionRepository,
    private readonly windows: TurnWindows,
    private readonly queue: TurnQueue,
    private readonly stops: Stops,
    private readonly clock: Clock
  ) {}

  /** The sender's collected messages are answered now. */
  async endWindow(scope: SessionScope, senderId: string): Promise<void> {
    const now = this.clock.now()
    const started = await this.turns.transaction(async (manager) => {
      const session = await this.sessions.find(manager, scope)
      return session ? this.windows.endOf(manager, session.id, senderId, now) : null
    })
    if (started) await this.queue.dispatch(started)
  }

  /**
   * Stops what runs in the scope, an older session of it included; where nothing runs, what the sender's question wants a
   * decision about is not done, and what the sender has collected is not answered. A window behind a stopped run ends, as at every command. What was sent after the order is not its business, however
   * late or often it is carried out.
   */
  async stop(
    scope: SessionScope,
    senderId: string,
    sentUntil: Date
  ): Promise<'running' | 'asking' | 'collected' | 'nothing'> {
    if (await this.stops.stop({ scope, sentUntil }, 'stopped')) {
      await this.endWindow(scope, senderId)
      return 'running'
    }
    const now = this.clock.now()
    return this.turns.transaction(async (manager) => {
      const session = await this.sessions.find(manager, scope)
      if (!session) return 'nothing'
      const own = { senderId, sentUntil }
      const isAsking = await this.queue.dropQuestions(manager, session.id, own, 'stopped', now)
      const isCollected = await this.queue.dropWindow(manager, session.id, own, 'stopped', now)
      return isCollected ? 'collected' : isAsking ? 'asking' : 'nothing'
    })
  }

  /** A person spoke where bots may talk to each other: they may go on. */
  humanSpoke(scope: SessionScope): Promise<void> {
    return this.sessions.humanSpoke(scope)
  }
}
