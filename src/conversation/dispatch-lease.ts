import { Injectable } from '@nestjs/common'
import { Log } from '../shared'
import { RunningTurn } from './turn-row'
import { TurnRepository } from './turn.repository'

/** Well within what lets `TurnWatch` believe that nobody dispatches the turn. */
const RENEW_MS = 3_000

/** A call that the host has not ended by then it has lost: others may dispatch the turn. */
const GIVE_UP_MS = 5 * 60_000

/**
 * A started turn belongs to whoever prepares and dispatches it: while that takes, its deadline is renewed, so that no other
 * process dispatches it too. A dead process's turn is free for `TurnWatch` after that.
 */
@Injectable()
export class DispatchLease {
  private readonly log = new Log('conversation')

  constructor(private readonly turns: TurnRepository) {}

  /** Keeps the turn for as long as `work` takes, five minutes at most. @param onLost the turn has ended, was stopped, or somebody else has it */
  async during<T>(turn: RunningTurn, work: () => Promise<T>, onLost: () => void = () => {}): Promise<T> {
    const renewal = setInterval(() => {
      this.renew(turn).then(
        (isOurs) => isOurs || onLost(),
        (error: unknown) => this.log.debug('a deadline was not renewed', { turn: turn.id, error: String(error) })
      )
    }, RENEW_MS)
    const giveUp = setTimeout(() => clearInterval(renewal), GIVE_UP_MS)
    renewal.unref()
    giveUp.unref()
    try {
      return await work()
    } finally {
      clearInterval(renewal)
      clearTimeout(giveUp)
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
