import { isObject, objectOf, textOf } from '../shared'

/** What came in for one integration since the living processes started. */
export interface WebhookFigures {
  /** Events that are stored, or were before. */
  accepted: number
  /** Events of a type that this plugin does not handle. */
  unhandled: number
  rejected: number
  /** Of an event that is stored, or was before. */
  lastAcceptedAt: Date | null
  /** The last request that was surely Lark's, whatever it was. */
  lastProven: { at: Date; door: string } | null
  /** Neither body nor secret. What is no call of Lark's at all is only counted. */
  lastRejection: Refusal | null
}

export interface Refusal {
  code: string
  at: Date
  /** `doorOf` the settings that refused. */
  door?: string
  /** The body knew something of the app that strangers do not. */
  isProven?: boolean
}

export const noFigures = (): WebhookFigures => ({
  accepted: 0,
  unhandled: 0,
  rejected: 0,
  lastAcceptedAt: null,
  lastProven: null,
  lastRejection: null
})

const countOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)

const dateOf = (value: unknown): Date | null => {
  const date = new Date(textOf(value) ?? NaN)
  return Number.isNaN(date.getTime()) ? null : date
}

/** As another process wrote them, an older or newer one perhaps: what is missing or strange counts as nothing. */
export const parseFigures = (value: unknown): WebhookFigures => {
  if (!isObject(value)) return noFigures()
  const last = objectOf(value['lastRejection'])
  const proven = objectOf(value['lastProven'])
  const code = textOf(last['code'])
  const at = dateOf(last['at'])
  const provenAt = dateOf(proven['at'])
  return {
    accepted: countOf(value['accepted']),
    unhandled: countOf(value['unhandled']),
    rejected: countOf(value['rejected']),
    lastAcceptedAt: dateOf(value['lastAcceptedAt']),
    lastProven: provenAt && { at: provenAt, door: textOf(proven['door']) ?? '' },
    lastRejection:
      code === undefined || !at ? null : { code, at, door: textOf(last['door']), isProven: last['isProven'] === true }
  }
}

const laterOf = <T>(one: T | null, other: T | null, at: (value: T) => Date): T | null => {
  if (!one || !other) return one ?? other
  return at(one) < at(other) ? other : one
}

/** The later one; but a stranger's call at the wrong door does not hide one that was Lark's. */
export const refusalToShow = (former: Refusal | null, later: Refusal): Refusal => {
  const isStrangers = former?.isProven === true && !later.isProven
  return isStrangers && former.code === later.code && former.door === later.door ? former : later
}

const refusalOfBoth = (one: Refusal | null, other: Refusal | null): Refusal | null => {
  if (!one || !other) return one ?? other
  return one.at < other.at ? refusalToShow(one, other) : refusalToShow(other, one)
}

export const addFigures = (one: WebhookFigures, other: WebhookFigures): WebhookFigures => ({
  accepted: one.accepted + other.accepted,
  unhandled: one.unhandled + other.unhandled,
  rejected: one.rejected + other.rejected,
  lastAcceptedAt: laterOf(one.lastAcceptedAt, other.lastAcceptedAt, (date) => date),
  lastProven: laterOf(one.lastProven, other.lastProven, ({ at }) => at),
  lastRejection: refusalOfBoth(one.lastRejection, other.lastRejection)
})
