import { Injectable } from '@nestjs/common'
import { setMaxListeners } from 'node:events'
import { Log } from '../../shared'
import { DispatchLease } from '../dispatch-lease'
import { RunningTurn } from '../turn-row'

/** What could not be read by then is missing, and the question is asked without it. */
const PREPARE_MS = 60_000

const MAX_LISTENERS = 100

interface Preparation {
  over: AbortController
  done: Promise<void>
}

/**
 * Turns whose question takes a while to put together: each goes on by itself, so that neither the lane nor another session
 * waits for it. A dead process's preparation is begun again by `TurnWatch`.
 */
@Injectable()
export class Preparations {
  private readonly log = new Log('conversation')
  private readonly active = new Map<string, Preparation>()
  private isStopped = false

  constructor(private readonly lease: DispatchLease) {}

  /** @param work must look at `mayAsk` before it asks: the turn may have ended meanwhile, or another process have it */
  begin(turn: RunningTurn, work: (signal: AbortSignal, mayAsk: () => Promise<boolean>) => Promise<void>): void {
    const key = `${turn.attempt} ${turn.executionId}`
    if (this.isStopped || this.active.has(key)) return
    const over = new AbortController()
    // Each file of a question listens.
    setMaxListeners(MAX_LISTENERS, over.signal)
    const done = this.run(turn, over, work).finally(() => this.active.delete(key))
    this.active.set(key, { over, done })
  }

  /** Another instance begins anew with what is under way. */
  async stop(): Promise<void> {
    this.isStopped = true
    for (const { over } of this.active.values()) over.abort()
    await Promise.all([...this.active.values()].map(({ done }) => done))
  }

  /** Never rejects. */
  private async run(
    turn: RunningTurn,
    over: AbortController,
    work: (signal: AbortSignal, mayAsk: () => Promise<boolean>) => Promise<void>
  ): Promise<void> {
    const timeUp = setTimeout(() => over.abort(), PREPARE_MS)
    timeUp.unref()
    const mayAsk = async () => !this.isStopped && (await this.lease.keep(turn))
    try {
      await this.lease.during(
        turn,
        () => work(over.signal, mayAsk),
        () => over.abort()
      )
    } catch (error) {
      this.log.warn('a question could not be asked and will be repeated', { turn: turn.id }, error)
    } finally {
      clearTimeout(timeUp)
    }
  }
}
