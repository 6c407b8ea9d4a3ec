import { ViewQuery } from '../host'
import { storableText } from '../shared'

const MAX_PAGE_SIZE = 100
const DEFAULT_PAGE_SIZE = 20
const MAX_PAGE = 10_000
const MAX_SEARCH = 200

/** Counting stops here: beyond it the exact number helps nobody and costs a scan. */
export const COUNT_LIMIT = 10_001

/** What a page's query string gives, as a whole number from 1 to `max`. */
const whole = (value: unknown, fallback: number, max: number): number => {
  const number = Math.floor(Number(value ?? fallback))
  return Number.isNaN(number) ? fallback : Math.min(Math.max(number, 1), max)
}

export const pageOf = ({ page, pageSize }: ViewQuery): { limit: number; offset: number } => {
  const limit = whole(pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
  return { limit, offset: (whole(page, 1, MAX_PAGE) - 1) * limit }
}

export const searchOf = ({ search }: ViewQuery): string | undefined => {
  const text = storableText(search ?? '')
    .trim()
    .slice(0, MAX_SEARCH)
  return text === '' ? undefined : text
}

/** The words of a search; a pasted id is one. */
export const wordsOf = (query: ViewQuery): string[] => (searchOf(query) ?? '').split(/[\s,;，；]+/).filter(Boolean)

/** The values of one filter, however it was written. */
export const filterOf = ({ filters }: ViewQuery, key: string, ...operators: string[]): string[] =>
  (filters ?? [])
    .filter((filter) => filter.key === key && operators.includes(filter.operator ?? 'eq'))
    .flatMap(({ value }) => [value].flat())
    .filter((value): value is string | number => typeof value === 'string' || typeof value === 'number')
    .map((value) => storableText(String(value)))

/** An id with the name that belongs to it, where there is one. */
export const named = (name: string | null | undefined, id: string | null): string | null =>
  name && id ? `${name} · ${id}` : id
