import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { Clock } from '../shared'
import { AttemptRepository } from './attempt.repository'
import { SessionRepository } from './session.repository'
import { Stops } from './stops'
import { TurnQueue } from './turn-queue'
import { TurnRepository } from './turn.repository'

const RECALLED = 'recalled'

/** A person took a message back that a turn answers. May be repeated. */
@Injectable()
export class Recalls {
  constructor(
    private readonly turns: TurnRepository,
    private readonly attempts: AttemptRepository,
    private readonly sessions: SessionRepository,
    private readonly queue: TurnQueue,
    private readonly stops: Stops,
    private readonly clock: Clock
  ) {}

  /**
   * Removes the message's text from its turn. A turn that answers nothing else ends: at once when it has no run, else the run
   * is cancelled.
   * @param alone writes the end of this one message, when its turn goes on without it
   */
  async recall(turnId: string, messageId: string, alone: (manager: EntityManager) => Promise<void>): Promise<void> {
    const now = this.clock.now()
    const left = await this.turns.transaction(async (manager) => {
      const turn = await this.turns.read(manager, turnId)
      if (!turn) return null
      await this.sessions.lock(manager, turn.sessionId)
      const left = await this.attempts.removeText(manager, turnId, messageId)
      if (!left || left.state === 'ended') return left
      if (left.texts > 0) await alone(manager)
      else await this.queue.dropIdle(manager, turnId, RECALLED, now)
      return left
    })
    if (left?.state === 'running' && left.texts === 0) await this.stops.stop({ turnId }, RECALLED)
  }
}
