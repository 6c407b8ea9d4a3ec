import { ViewQuery } from '../host'
import { OUTCOME_TEXTS } from '../i18n'
import { isUuid } from '../shared'
import { filterOf, wordsOf } from './list-query'
import { MOST_WORDS } from './named-rows'

/** What of the inbox is wanted. */
export interface MessageSearch {
  from: Date
  until: Date
  /** Empty: all. */
  states: string[]
  reasons: string[]
  /** Pasted ids; each must fit. */
  ids: string[]
  /** Parts of the name of the sender or the chat; each must fit. */
  names: string[]
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Without any word about time. */
const DEFAULT_DAYS = 7
/** A pasted id is looked for as far back as anybody keeps rows. */
const ID_DAYS = 3_650

const WAITING = ['received', 'claimed', 'attached']
const STATES: Record<string, readonly string[]> = {
  ...{ waiting: WAITING, open: WAITING, 等待: WAITING },
  ...{ answered: ['answered'], 已回答: ['answered'] },
  ...{ refused: ['refused'], 已忽略: ['refused'] },
  ...{ failed: ['failed'], 失败: ['failed'] },
  ...{ dropped: ['dropped'], 取消: ['dropped'] }
}

const UNITS: Record<string, number> = { m: 60_000, h: HOUR_MS, d: DAY_MS }

const lastMs = (word: string): number | undefined => {
  const [, count, unit] = /^(\d{1,4})([mhd])$/i.exec(word) ?? []
  return count && unit ? Number(count) * UNITS[unit.toLowerCase()]! : undefined
}

const dayOf = (word: string): number | undefined => {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(word) ? Date.parse(`${word}T00:00:00Z`) : NaN
  return Number.isNaN(start) ? undefined : start
}

const LARK_ID = /^(?:om|oc|ou|omt)_\w+$/

const isId = (word: string): boolean => isUuid(word) || LARK_ID.test(word)

/** Reason codes have words of their own; one that is also a state's is the state. */
const isReason = (word: string): boolean => Object.hasOwn(OUTCOME_TEXTS, word)

const timeOf = (values: string[]): number | undefined => {
  const times = values.map((value) => Date.parse(value)).filter((time) => !Number.isNaN(time))
  return times.length > 0 ? times[0] : undefined
}

/** `failed 24h`, `refused 2026-11-20`, `om_…`, `Mei`: the host's table has a search box and no other filter. */
export const parseMessageSearch = (query: ViewQuery, now: Date): MessageSearch => {
  const found: MessageSearch = {
    from: now,
    until: new Date(now.getTime() + DAY_MS),
    states: [],
    reasons: [],
    ids: [],
    names: []
  }
  let from = timeOf(filterOf(query, 'time', 'gt', 'gte'))
  for (const word of [...filterOf(query, 'outcome', 'eq', 'in'), ...wordsOf(query)]) {
    const lower = word.toLowerCase()
    const ago = lastMs(lower)
    const day = dayOf(lower)
    if (Object.hasOwn(STATES, lower)) found.states.push(...STATES[lower]!)
    else if (isReason(lower)) found.reasons.push(lower)
    else if (ago !== undefined) from = now.getTime() - ago
    else if (day !== undefined) {
      from = day
      found.until = new Date(day + DAY_MS)
    } else if (isId(word)) found.ids.push(word)
    else if (found.names.length < MOST_WORDS) found.names.push(word)
  }
  const until = timeOf(filterOf(query, 'time', 'lt', 'lte'))
  if (until !== undefined) found.until = new Date(until)
  const days = found.ids.length > 0 ? ID_DAYS : DEFAULT_DAYS
  found.from = new Date(from ?? now.getTime() - days * DAY_MS)
  return found
}
