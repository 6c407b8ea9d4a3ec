import type { LarkError } from '../wire/lark-error'

export interface Page<T> {
  items: T[]
  has_more: boolean
  page_token: string
}

/** One page of a list; the page token is opaque to callers. */
export function page<T>(
  all: T[],
  query: Record<string, string>,
  size: { standard: number; max: number },
  refuse: () => LarkError
): Page<T> {
  const pageSize = query.page_size === undefined ? size.standard : Number(query.page_size)
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > size.max) throw refuse()
  const start = query.page_token ? decode(query.page_token) : 0
  if (start === undefined) throw refuse()
  const end = start + pageSize
  const more = end < all.length
  return { items: all.slice(start, end), has_more: more, page_token: more ? encode(end) : '' }
}

const encode = (index: number): string => Buffer.from(`p:${index}`).toString('base64url')

function decode(token: string): number | undefined {
  const index = /^p:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1]
  return index === undefined ? undefined : Number(index)
}
