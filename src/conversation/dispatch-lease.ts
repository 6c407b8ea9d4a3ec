import { Injectable } from '@nestjs/common'
import { Log } from '../shared'
import { RunningTurn } from './turn-row'
import { TurnRepository } from './turn.repository'

/** Well within what lets `TurnWatch` believe that nobody dispatches the turn. */
const RENEW_MS = 3_000

/**
 * A started turn belongs to whoever prepares and dispatches it: while that takes, its deadline is renewed, so that no other
 * process dispatches it too. A dead process's turn is free for `TurnWatch` after that.
 */
@Injectable()
export class DispatchLease {
  private readonly log = new Log('conversation')

  constructor(private readonly turns: TurnRepository) {}

  /** Keeps the turn for as long as `work` takes. @param onLost the turn has ended, was stopped, or somebody else has it */
  async during<T>(turn: RunningTurn, work: () => Promise<T>, onLost: () => void = () => {}): Promise<T> {
    const renewal = setInterval(() => {
      this.renew(turn).then(
        (isOurs) => isOurs || onLost(),
        (error: unknown) => this.log.debug('a deadline was not renewed', { turn: turn.id, error: String(error) })
      )
    }, RENEW_MS)
    renewal.unref()
    try {
      return await work()
    } finally {
      clearInterval(renewal)
    }
  }

  /** False when the turn has ended, was stopped, or somebody else has it. */
  renew(turn: RunningTurn): Promise<boolean> {
    return this.turns.keepUndispatched(turn)
  }

  /** The host has it. */
  async end(turn: RunningTurn): Promise<void> {
    await this.turns.noteDispatch(turn)
  }
}
