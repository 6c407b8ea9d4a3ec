import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { createHash } from 'node:crypto'
import { AppInspections, appKeyOf, LarkApiError, LarkApp } from '../lark'
import { Clock, elapsedMs } from '../shared'
import { Verdict } from './app-decision'

/** As for a connection that Lark refuses: an admin must act first. */
const REFUSED_MS = 5 * 60_000
const UNKNOWN_MS = 15_000
const MAX_SECRETS = 1_000

interface Entry {
  verdict: Verdict
  /** On `elapsedMs`: when Lark may be asked again; an accepted one is not asked about. */
  askAgainAt: number
}

/** One app and its secret, in a form that may be stored and compared. */
export const secretDigest = (app: LarkApp): string =>
  createHash('sha256')
    .update(`${appKeyOf(app)}\u0000${app.appSecret}`)
    .digest('hex')

/**
 * Whether Lark takes an app's secret: what a connection showed, else asked behind the rounds, once for all who have the same
 * secret. Only those who share an app with somebody else are ever asked about.
 */
@Injectable()
export class SecretChecks {
  private readonly entries = new LRUCache<string, Entry>({ max: MAX_SECRETS })
  private readonly now: () => number
  /** Called when an answer has come. */
  onAnswer: () => void = () => undefined

  constructor(
    private readonly inspections: AppInspections,
    clock: Clock
  ) {
    this.now = elapsedMs(clock)
  }

  verdictOf(app: LarkApp): Verdict {
    const key = secretDigest(app)
    const known = this.entries.get(key)
    if (known && (known.verdict === 'accepted' || known.askAgainAt > this.now())) return known.verdict
    // What was last known counts until the new answer is here.
    const verdict = known?.verdict ?? 'unknown'
    this.entries.set(key, { verdict, askAgainAt: Number.POSITIVE_INFINITY })
    void this.ask(app)
    return verdict
  }

  /** What a connection of this app and secret has shown. */
  learn(app: LarkApp, verdict: 'accepted' | 'refused'): void {
    const askAgainAt = this.now() + REFUSED_MS
    this.entries.set(secretDigest(app), { verdict, askAgainAt })
  }

  /** The integration was saved: whatever was known may have been mended in Lark's console. */
  forget(app: LarkApp): void {
    this.entries.delete(secretDigest(app))
  }

  private async ask(app: LarkApp): Promise<void> {
    const verdict = await this.inspections
      .for(app)
      .credentials()
      .then((): Verdict => 'accepted')
      .catch((error: unknown): Verdict =>
        error instanceof LarkApiError && error.code === 'credentials' ? 'refused' : 'unknown'
      )
    const pauseMs = verdict === 'refused' ? REFUSED_MS : UNKNOWN_MS
    this.entries.set(secretDigest(app), { verdict, askAgainAt: this.now() + pauseMs })
    if (verdict !== 'unknown') this.onAnswer()
  }
}
