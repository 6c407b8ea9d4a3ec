import { isObject, textOf } from '../shared'
import { WebhookRejection } from './webhook-rejected-error'

/** `internal`: a fault of this plugin. */
export type RefusalCode = WebhookRejection | 'internal'

/** What came in for one integration since the living processes started. */
export interface WebhookFigures {
  /** Events that are stored, or were before. */
  accepted: number
  /** Events of a type that this plugin does not handle. */
  unhandled: number
  rejected: number
  /** Neither body nor secret. */
  lastRejection: { code: string; at: Date } | null
}

export const noFigures = (): WebhookFigures => ({ accepted: 0, unhandled: 0, rejected: 0, lastRejection: null })

const countOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)

/** As another process wrote them, an older or newer one perhaps: what is missing or strange counts as nothing. */
export const parseFigures = (value: unknown): WebhookFigures => {
  if (!isObject(value)) return noFigures()
  const last = isObject(value['lastRejection']) ? value['lastRejection'] : {}
  const code = textOf(last['code'])
  const at = new Date(textOf(last['at']) ?? NaN)
  return {
    accepted: countOf(value['accepted']),
    unhandled: countOf(value['unhandled']),
    rejected: countOf(value['rejected']),
    lastRejection: code === undefined || Number.isNaN(at.getTime()) ? null : { code, at }
  }
}

const later = (one: WebhookFigures['lastRejection'], other: WebhookFigures['lastRejection']) => {
  if (!one || !other) return one ?? other
  return one.at < other.at ? other : one
}

export const addFigures = (one: WebhookFigures, other: WebhookFigures): WebhookFigures => ({
  accepted: one.accepted + other.accepted,
  unhandled: one.unhandled + other.unhandled,
  rejected: one.rejected + other.rejected,
  lastRejection: later(one.lastRejection, other.lastRejection)
})
