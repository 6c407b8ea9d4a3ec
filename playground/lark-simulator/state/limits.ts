import type { Api } from '../rest/api'
import { larkError, rateLimited } from '../wire/error-codes'
import { SlidingWindow } from './sliding-window'

const SECOND_MS = 1000
const MINUTE_MS = 60_000

/** The platform's frequency limits, counted on the virtual clock. */
export class Limits {
  private readonly perApi = new Map<string, SlidingWindow>()
  private readonly perChat = new SlidingWindow(5, SECOND_MS)
  private readonly perPatched = new SlidingWindow(5, SECOND_MS)
  private readonly perCard = new SlidingWindow(10, SECOND_MS)

  takeApi(appId: string, api: Api): void {
    const { perSecond, perMinute } = api.limits ?? {}
    if (perSecond) this.takeWindow(`${api.name} s`, perSecond, SECOND_MS, appId)
    if (perMinute) this.takeWindow(`${api.name} m`, perMinute, MINUTE_MS, appId)
  }

  /** 5/s to one person or group, all bots together. */
  takeChat(chatId: string): void {
    if (this.perChat.take(chatId, Date.now()) > 0) throw larkError(230020)
  }

  /** 5/s for changes of one message. */
  takeMessage(messageId: string): void {
    if (this.perPatched.take(messageId, Date.now()) > 0) throw larkError(230020)
  }

  /** 10/s for one card entity. */
  takeCard(cardId: string): void {
    const waitMs = this.perCard.take(cardId, Date.now())
    if (waitMs > 0) throw rateLimited(10, Math.ceil(waitMs / SECOND_MS))
  }

  private takeWindow(name: string, limit: number, windowMs: number, appId: string): void {
    const window = this.perApi.get(name) ?? new SlidingWindow(limit, windowMs)
    this.perApi.set(name, window)
    const waitMs = window.take(appId, Date.now())
    if (waitMs > 0) throw rateLimited(limit, Math.ceil(waitMs / SECOND_MS))
  }
}
