import { isObject, JsonObject, parseJson } from '../shared'

/** What jsonb refuses, as JSON writes it: U+0000 and halves of surrogate pairs; what only looks like them does no harm. */
const REFUSED = /\\u(?:0000|d[89a-f])/

/** What a run asks, as its column holds it: its JSON as one text where jsonb would refuse it, so that nothing of it changes. */
export type StoredOperation = JsonObject | string

/** The column's value as JSON. */
export const storedOperation = (operation: JsonObject): string => {
  const json = JSON.stringify(operation)
  return REFUSED.test(json) ? JSON.stringify(json) : json
}

export const operationOf = (stored: StoredOperation | null): JsonObject | null => {
  const operation = typeof stored === 'string' ? parseJson(stored) : stored
  return isObject(operation) ? operation : null
}
