import type { HandoffMessage } from './handoff-message'

export interface ChaosOptions {
  /** By how many places a message may be late; 0 keeps the order. */
  disorder: number
  /** Share (0 to 1) of the messages that are delivered twice. */
  repeat: number
}

interface Held {
  message: HandoffMessage
  /** Number of the delivery after which it goes out. */
  after: number
}

export type Deliver = (message: HandoffMessage, delayMs?: number) => void

/** A message that is held back does not wait longer than this for those that shall overtake it. */
const HOLD_LIMIT_MS = 150
const HOLD_SHARE = 0.35
const LATE_REPEAT_MS = 400

/**
 * Delivers the callbacks of one run as badly as the real host does: late by a few places, and some twice, of which half
 * come long after the end (host-observed 32 and 35).
 */
export class DeliveryChaos {
  private held: Held[] = []
  private readonly afterEnd: HandoffMessage[] = []
  private delivered = 0
  private timer?: NodeJS.Timeout

  constructor(
    private readonly options: ChaosOptions,
    private readonly deliver: Deliver,
    private readonly random: () => number = Math.random
  ) {}

  post(message: HandoffMessage): void {
    this.delivered += 1
    if (this.options.disorder > 0 && this.random() < HOLD_SHARE) this.hold(message)
    else this.deliver(message)
    this.repeatMaybe(message)
    this.release((held) => held.after <= this.delivered)
  }

  /** The run has ended: nothing stays behind. */
  end(): void {
    this.release(() => true)
    for (const message of this.afterEnd.splice(0)) this.deliver(message, LATE_REPEAT_MS * (0.5 + this.random()))
  }

  private hold(message: HandoffMessage): void {
    const places = 1 + Math.floor(this.random() * this.options.disorder)
    this.held.push({ message, after: this.delivered + places })
    this.timer ??= setTimeout(() => this.release(() => true), HOLD_LIMIT_MS)
  }

  private repeatMaybe(message: HandoffMessage): void {
    if (this.random() >= this.options.repeat) return
    if (this.random() < 0.5) this.afterEnd.push(message)
    else this.deliver(message)
  }

  private release(due: (held: Held) => boolean): void {
    const leaving = this.held.filter(due)
    this.held = this.held.filter((held) => !leaving.includes(held))
    leaving.forEach(({ message }) => this.deliver(message))
    if (this.held.length > 0) return
    clearTimeout(this.timer)
    this.timer = undefined
  }
}
