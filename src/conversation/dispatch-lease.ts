import { Injectable } from '@nestjs/common'
import { Log } from '../shared'
import { RunningTurn } from './turn-row'
import { TurnRepository } from './turn.repository'

/** Well within what lets `TurnWatch` believe that nobody dispatches the turn. */
const RENEW_MS = 3_000

/** What was confirmed longer ago is asked again before the host gets it: a stop may have come, whose cancel found nothing. */
const MOMENT_MS = 1_000

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
        (error: unknown) => this.log.debug('a deadline was not renewed', { turn: turn.id }, error)
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

  /** Whether the turn may be dispatched now; asks the database only when it last did more than a moment ago. */
  async isHeld(turn: RunningTurn, now = performance.now()): Promise<boolean> {
    return (turn.heldAt !== undefined && now - turn.heldAt < MOMENT_MS) || this.keep(turn)
  }

  /** False when the turn has ended, was stopped, or somebody else has it. Whoever asks does not dispatch it then. */
  async keep(turn: RunningTurn): Promise<boolean> {
    if (await this.renew(turn)) return true
    await this.giveUp(turn)
    return false
  }

  /** It is not dispatched here, or, where it was stopped, cancelled behind its dispatch. */
  giveUp(turn: RunningTurn): Promise<void> {
    return this.turns.closeDispatch(turn)
  }

  /** The host has it. False when nobody wants the run any more: whoever stopped it may have done so before there was one. */
  async end(turn: RunningTurn): Promise<boolean> {
    return (await this.turns.noteDispatch(turn)) || (await this.turns.isWanted(turn))
  }

  private async renew(turn: RunningTurn): Promise<boolean> {
    const askedAt = performance.now()
    const isOurs = await this.turns.keepUndispatched(turn)
    if (isOurs) turn.heldAt = askedAt
    return isOurs
  }
}
