import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { InstanceRegistry } from '../cluster'
import { CallWindow } from './call-window'
import { LarkApiError } from './lark-api-error'

/** `frame`: an intermediate state of an answer, which may be left out. Everything else is `answer`. */
export type CallUrgency = 'answer' | 'frame'

/** One call before it is made: whose budget it uses. */
export interface PlannedCall {
  appKey: string
  api: string
  urgency: CallUrgency
  /** A message goes to this chat, or to the one of this message. */
  chatId?: string
  /** This sent card is patched. */
  messageId?: string
  cardId?: string
}

/**
 * Lark's limits (lark-platform §7) with room for the way there: 50 a second and 1,000 a minute of each call, 5 a second to
 * one chat from all bots together, 10 a second on a card entity. Of a patched message Lark takes 5 a second; one looks alive.
 */
const PER_BURST = 45
const PER_MINUTE = 900
const PER_CHAT = 4
const PER_CARD = 8
const PER_MESSAGE = 1
const SECOND_MS = 1_000
const MINUTE_MS = 60_000

/** Longer than Lark's second: of two bursts the first may reach Lark later than it was let go. The minute is what lasts. */
const BURST_MS = 1_500

/** Of the budget of a call, what frames may use; the rest is for answers that begin and end. */
const FRAME_SHARE = 0.7

/** Lark's answer to a chat or message that is written to too often does not say for how long (230020). */
const FIRST_PENALTY_MS = 1_000
const MAX_PENALTY_MS = 16_000

/** A used-up monthly quota (99991403) comes back when an admin raises it, or the month ends. */
const QUOTA_MS = 3_600_000

const MAX_KEYS = 20_000

interface ApiBudget {
  burst: CallWindow
  minute: CallWindow
  /** When the next frame of any answer may go through this call. */
  nextFrameAt: number
  blockedUntil: number
}

interface Narrow {
  window: CallWindow
  penaltyMs: number
  blockedUntil: number
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Shares Lark's budget of an app: among the living instances, and between calls that an answer needs and its frames. A call
 * waits here for its turn; nobody is refused. The budget counts per call and app, as Lark does.
 */
@Injectable()
export class RateGovernor {
  private readonly apis = new LRUCache<string, ApiBudget>({ max: MAX_KEYS })
  private readonly narrow = new LRUCache<string, Narrow>({ max: MAX_KEYS })
  private readonly noFramesUntil = new LRUCache<string, number>({ max: 1_000 })

  constructor(private readonly instances: InstanceRegistry) {}

  /** Resolves when the call may be made, and counts it. */
  async turn(call: PlannedCall): Promise<void> {
    for (const [key, limit] of narrowLimits(call)) await this.turnOf(this.narrowOf(key), this.share(limit))
    const budget = this.budgetOf(call)
    const part = call.urgency === 'frame' ? FRAME_SHARE : 1
    const perBurst = this.share(PER_BURST * part)
    const perMinute = this.share(PER_MINUTE * part)
    for (;;) {
      const now = this.now()
      const from = Math.max(now, budget.blockedUntil)
      const at = Math.max(budget.minute.nextFree(from, perMinute), budget.burst.nextFree(from, perBurst))
      // A frame does not stand in line before an answer's first or last words: it looks again when there is room.
      if (call.urgency === 'frame' && at > now) {
        await pause(at - now)
        continue
      }
      budget.burst.book(at)
      budget.minute.book(at)
      if (at > now) await pause(at - now)
      if (budget.blockedUntil <= this.now()) return
    }
  }

  /**
   * Milliseconds after which an answer may send its next frame through this call: the more answers run, the longer. Each
   * question takes a place, so that all answers get one in turn. Infinite while the quota is used up.
   */
  frameDelayMs(appKey: string, api: string): number {
    const now = this.now()
    if ((this.noFramesUntil.get(appKey) ?? 0) > now) return Number.POSITIVE_INFINITY
    const budget = this.budgetOf({ appKey, api })
    const gap = MINUTE_MS / this.share(PER_MINUTE * FRAME_SHARE)
    const at = Math.max(now, budget.nextFrameAt, budget.blockedUntil)
    budget.nextFrameAt = at + gap
    return at - now
  }

  /** What Lark answered to the call: its limits are believed more than ours. */
  heard(call: PlannedCall, error?: LarkApiError): void {
    const now = this.now()
    for (const [key] of narrowLimits(call)) {
      const narrow = this.narrowOf(key)
      if (error?.code !== 'drop_frame') {
        narrow.penaltyMs = 0
        continue
      }
      narrow.penaltyMs = Math.min(MAX_PENALTY_MS, Math.max(FIRST_PENALTY_MS, narrow.penaltyMs * 2))
      narrow.blockedUntil = now + narrow.penaltyMs
    }
    if (error?.code === 'slow_down') this.budgetOf(call).blockedUntil = now + (error.retryAfterMs ?? SECOND_MS)
    if (error?.code === 'quota') this.noFramesUntil.set(call.appKey, now + QUOTA_MS)
  }

  private async turnOf(narrow: Narrow, limit: number): Promise<void> {
    const now = this.now()
    const at = narrow.window.nextFree(Math.max(now, narrow.blockedUntil), limit)
    narrow.window.book(at)
    if (at > now) await pause(at - now)
  }

  private share(limit: number): number {
    return Math.max(1, Math.floor(limit / this.instances.living))
  }

  /** Real time, as Lark's windows: a clock that is set back would make every call wait for as long. */
  private now(): number {
    return Math.floor(performance.now())
  }

  private budgetOf({ appKey, api }: { appKey: string; api: string }): ApiBudget {
    const key = `${appKey} ${api}`
    const known = this.apis.get(key)
    if (known) return known
    const budget = {
      burst: new CallWindow(BURST_MS),
      minute: new CallWindow(MINUTE_MS),
      nextFrameAt: 0,
      blockedUntil: 0
    }
    this.apis.set(key, budget)
    return budget
  }

  private narrowOf(key: string): Narrow {
    const known = this.narrow.get(key)
    if (known) return known
    const narrow = { window: new CallWindow(SECOND_MS), penaltyMs: 0, blockedUntil: 0 }
    this.narrow.set(key, narrow)
    return narrow
  }
}

const narrowLimits = ({ appKey, chatId, messageId, cardId }: PlannedCall): [key: string, limit: number][] => {
  const limits: [string, number][] = []
  if (chatId !== undefined) limits.push([`${appKey} chat ${chatId}`, PER_CHAT])
  if (messageId !== undefined) limits.push([`${appKey} message ${messageId}`, PER_MESSAGE])
  if (cardId !== undefined) limits.push([`${appKey} card ${cardId}`, PER_CARD])
  return limits
}
