import { BadRequestException } from '@nestjs/common'
import type { QuerySchema, ViewQuery } from './view-contract'

export type RawQuery = Record<string, unknown>

const KEYS = ['page', 'pageSize', 'cursor', 'search', 'sortBy', 'sortDirection', 'filters', 'selectionId', 'parameters']
const FILTER_OPERATORS = ['eq', 'neq', 'contains', 'starts_with', 'ends_with', 'in', 'gt', 'gte', 'lt', 'lte']

/** Reads the query parameters that the host knows; any other, or a malformed one, is 400. */
export function parseViewQuery(raw: RawQuery): ViewQuery {
  allowOnly(raw, KEYS)
  const sortDirection = text(raw, 'sortDirection')
  if (sortDirection !== undefined && sortDirection !== 'asc' && sortDirection !== 'desc') {
    throw new BadRequestException(`Invalid sortDirection '${sortDirection}'`)
  }
  return {
    page: positive(raw, 'page'),
    pageSize: positive(raw, 'pageSize'),
    cursor: text(raw, 'cursor'),
    search: text(raw, 'search'),
    sortBy: text(raw, 'sortBy'),
    sortDirection,
    filters: filters(raw),
    selectionId: text(raw, 'selectionId'),
    parameters: parameters(raw)
  }
}

export function parseOptionsQuery(raw: RawQuery): Pick<ViewQuery, 'search' | 'parameters'> {
  allowOnly(raw, ['search', 'parameters'])
  return { search: text(raw, 'search'), parameters: parameters(raw) }
}

const FLAGS: [keyof QuerySchema, (query: ViewQuery) => unknown][] = [
  ['supportsPagination', (query) => query.page ?? query.pageSize],
  ['supportsCursor', (query) => query.cursor],
  ['supportsSearch', (query) => query.search],
  ['supportsSort', (query) => query.sortBy ?? query.sortDirection],
  ['supportsFilter', (query) => query.filters?.length],
  ['supportsSelection', (query) => query.selectionId],
  ['supportsParameters', (query) => Object.keys(query.parameters ?? {}).length]
]

/** A manifest must declare every kind of parameter that it wants to be sent. */
export function assertDeclaredQuery(query: ViewQuery, schema: QuerySchema = {}): void {
  for (const [flag, used] of FLAGS) {
    if (used(query) && !schema[flag]) throw new BadRequestException(`This view does not declare ${flag}`)
  }
}

function allowOnly(raw: RawQuery, keys: string[]): void {
  const unknown = Object.keys(raw).find((key) => !keys.includes(key))
  if (unknown !== undefined) throw new BadRequestException(`Unsupported query parameter '${unknown}'`)
}

function text(raw: RawQuery, key: string): string | undefined {
  const value = raw[key]
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string') throw new BadRequestException('Duplicate query parameter')
  return value
}

function positive(raw: RawQuery, key: string): number | undefined {
  const value = text(raw, key)
  if (value === undefined) return undefined
  const number = Number.parseInt(value, 10)
  if (!(number > 0)) throw new BadRequestException(`Invalid numeric query parameter '${value}'`)
  return number
}

function jsonOf(raw: RawQuery, key: string): unknown {
  const value = text(raw, key)
  if (value === undefined) return undefined
  try {
    return JSON.parse(value)
  } catch {
    throw new BadRequestException(`Invalid ${key} payload`)
  }
}

function filters(raw: RawQuery): ViewQuery['filters'] {
  const value = jsonOf(raw, 'filters')
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw new BadRequestException('filters must be an array')
  for (const filter of value as { key?: unknown; operator?: unknown }[]) {
    if (typeof filter?.key !== 'string' || !filter.key) throw new BadRequestException('Filter key is required')
    if (filter.operator !== undefined && !FILTER_OPERATORS.includes(String(filter.operator))) {
      throw new BadRequestException(`Unsupported filter operator '${String(filter.operator)}'`)
    }
  }
  return value as ViewQuery['filters']
}

function parameters(raw: RawQuery): Record<string, unknown> | undefined {
  const value = jsonOf(raw, 'parameters')
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadRequestException('parameters must be an object')
  }
  for (const [key, parameter] of Object.entries(value)) {
    const scalars: unknown[] = Array.isArray(parameter) ? parameter : [parameter]
    if (!key.trim() || scalars.some((scalar) => typeof scalar === 'object' && scalar !== null)) {
      throw new BadRequestException(`Invalid parameter value for '${key}'`)
    }
  }
  return value as Record<string, unknown>
}
