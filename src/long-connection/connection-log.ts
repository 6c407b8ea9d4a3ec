import { Log } from '../shared'

/** One app's connection: an operator finds it by any of these. */
export interface ConnectionIds {
  app: string
  integrations: string
}

export interface LostConnection extends ConnectionIds {
  /** The code that is stored with it. */
  reason: string
  nextInSeconds: number
}

/**
 * What becomes of one app's connection, a line a change: the tries in between say nothing. One that comes and goes says no
 * more than two lines a try, and those are spread by the backoff.
 */
export class ConnectionLog {
  private isUp = false
  /** Since it was last up, or since an admin last acted. */
  private readonly said = new Set<string>()

  constructor(private readonly log: Log) {}

  up(ids: ConnectionIds): void {
    this.isUp = true
    this.said.clear()
    this.log.info('a long connection is up', { ...ids })
  }

  lost(lost: LostConnection): void {
    const sentence = this.isUp
      ? 'a long connection is lost, and is made again'
      : 'a long connection could not be made, and is tried again'
    this.isUp = false
    // Whatever was said already, the refusal too, is why it is down.
    if (this.said.size > 0) return
    this.said.add('lost')
    this.log.warn(sentence, { ...lost })
  }

  refused(lost: LostConnection): void {
    this.isUp = false
    if (this.said.has(lost.reason)) return
    this.said.add(lost.reason)
    this.log.error('a long connection is refused until an administrator acts', { ...lost })
  }

  /** An admin asked for a new socket, or saved: whether that helped is news. */
  tryingAnew(): void {
    this.said.clear()
  }
}
