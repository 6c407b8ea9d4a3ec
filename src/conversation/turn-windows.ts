import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { Clock, Log, SharedRound } from '../shared'
import { SessionRepository } from './session.repository'
import { TurnQueue } from './turn-queue'
import { RunningTurn } from './turn-row'
import { TurnRepository } from './turn.repository'
import { WindowRepository } from './window.repository'

const BATCH = 50

/** Windows that end at once are worked on side by side, a few at a time. */
const PARALLEL = 8

/**
 * Ends windows when their time has come: one timer for the earliest of them in this process, whoever opened them. What a dead
 * process leaves behind `TurnWatch` finds; two instances that end the same one are told apart by its row.
 */
@Injectable()
export class TurnWindows {
  private timer: NodeJS.Timeout | undefined
  private dueAt = Number.POSITIVE_INFINITY
  private readonly rounds = new SharedRound(() => this.work(), new Log('conversation'), 'windows that are over')

  constructor(
    private readonly turns: TurnRepository,
    private readonly sessions: SessionRepository,
    private readonly windows: WindowRepository,
    private readonly queue: TurnQueue,
    private readonly clock: Clock
  ) {}

  /** A window will end at this time, if no message makes it longer. */
  expect(at: Date): void {
    if (this.rounds.isStopped || at.getTime() >= this.dueAt) return
    clearTimeout(this.timer)
    this.dueAt = at.getTime()
    const delayMs = Math.max(0, this.dueAt - this.clock.now().getTime())
    this.timer = setTimeout(() => void this.endOver(), delayMs)
    this.timer.unref()
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer)
    await this.rounds.stop()
  }

  /** Ends all windows that are over. Never rejects. */
  endOver(): Promise<void> {
    return this.rounds.run()
  }

  /** Ends the sender's window of a locked session, whatever its time; answers what is to be dispatched then. */
  async endOf(manager: EntityManager, sessionId: string, senderId: string, now: Date): Promise<RunningTurn | null> {
    return this.begin(manager, sessionId, await this.windows.end(manager, { sessionId, senderId }), now)
  }

  private async work(): Promise<void> {
    this.dueAt = Number.POSITIVE_INFINITY
    for (;;) {
      const over = await this.windows.findOver(this.clock.now(), BATCH)
      for (let from = 0; from < over.length; from += PARALLEL) {
        await Promise.all(over.slice(from, from + PARALLEL).map((window) => this.end(window)))
      }
      if (over.length < BATCH || this.rounds.isStopped) break
    }
    const next = await this.windows.nextEnd()
    if (next) this.expect(next)
  }

  private async end({ id, sessionId }: { id: string; sessionId: string }): Promise<void> {
    const now = this.clock.now()
    const started = await this.turns.transaction<RunningTurn | null>(async (manager) => {
      await this.sessions.noteActivity(manager, sessionId, null, now)
      return this.begin(manager, sessionId, await this.windows.end(manager, { turnId: id, now }), now)
    })
    if (started) await this.queue.dispatch(started)
  }

  private async begin(
    manager: EntityManager,
    sessionId: string,
    ended: { id: string; state: string } | null,
    now: Date
  ): Promise<RunningTurn | null> {
    if (ended?.state !== 'running') return null
    await this.queue.forgetQuestions(manager, sessionId, 'overtaken', now)
    return this.turns.read(manager, ended.id)
  }
}
