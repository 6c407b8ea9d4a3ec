import { Injectable } from '@nestjs/common'
import { Clock } from '../shared'
import { SessionRepository } from './session.repository'
import { Chat, SessionScope } from './session-scope'
import { Stops } from './stops'
import { TurnQueue } from './turn-queue'
import { TurnWindows } from './turn-windows'
import { TurnRepository } from './turn.repository'

/** Whose order it is, and when it was sent. */
export interface StopOrder {
  senderId: string
  isApprover: boolean
  sentUntil: Date
}

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
   * Stops what runs in the scope for the sender, an older session of it included; like the button, an approver's order stops
   * anybody's. Where nothing of that runs, what the sender's question wants a decision about is not done, and what the sender
   * has collected is not answered. A window behind a stopped run ends, as at every command. What was sent after the order is
   * not its business, however late or often it is carried out.
   */
  async stop(
    scope: SessionScope,
    { senderId, isApprover, sentUntil }: StopOrder
  ): Promise<'running' | 'asking' | 'collected' | 'not_yours' | 'nothing'> {
    if (await this.stops.stop({ scope, sentUntil, senderId: isApprover ? null : senderId }, 'stopped')) {
      await this.endWindow(scope, senderId)
      return 'running'
    }
    const now = this.clock.now()
    const dropped = await this.turns.transaction(async (manager) => {
      const session = await this.sessions.find(manager, scope)
      if (!session) return null
      const own = { senderId, sentUntil }
      const drop = (state: 'approval' | 'window') =>
        this.queue.dropOwn(manager, session.id, { ...own, state }, 'stopped', now)
      const [isAsking, isCollected] = [await drop('approval'), await drop('window')]
      return isCollected ? 'collected' : isAsking ? 'asking' : null
    })
    return dropped ?? ((await this.stops.isRunning(scope)) ? 'not_yours' : 'nothing')
  }

  /**
   * An order outside every thread, where each thread is a conversation: stops what runs for this person anywhere in the chat, and
   * drops what they have collected. The latter first: what ends meanwhile by itself then runs, and is stopped.
   */
  async stopInChat(chat: Chat, senderId: string, sentUntil: Date): Promise<'running' | 'collected' | 'nothing'> {
    const isCollected = await this.dropCollected(chat, { senderId, sentUntil })
    const isRunning = await this.stops.stop({ chat, senderId, sentUntil }, 'stopped')
    return isCollected ? 'collected' : isRunning ? 'running' : 'nothing'
  }

  private dropCollected(chat: Chat, own: { senderId: string; sentUntil: Date }): Promise<boolean> {
    const now = this.clock.now()
    return this.turns.transaction(async (manager) => {
      let isCollected = false
      for (const sessionId of await this.sessions.collecting(manager, chat, own.senderId))
        if (await this.queue.dropOwn(manager, sessionId, { ...own, state: 'window' }, 'stopped', now))
          isCollected = true
      return isCollected
    })
  }

  /** A person spoke in a chat where bots may talk to each other: they may go on. */
  humanSpoke(chat: Chat): Promise<void> {
    return this.sessions.humanSpoke(chat)
  }
}
