import { JsonObject, objectOf, objectsOf } from '../shared'
import { LarkApiError } from './lark-api-error'

/** What an answer of Lark's carries; empty where it carries nothing. */
export const dataOf = (answer: unknown): JsonObject => objectOf(objectOf(answer)['data'])

export const itemsOf = (answer: unknown): JsonObject[] => objectsOf(dataOf(answer)['items'])

/** The answer said "ok" and yet lacks what it must have: whether the work is done is unknown. */
export const incomplete = (api: string): LarkApiError =>
  new LarkApiError('unknown_outcome', { api, larkCode: 0, httpStatus: 200, larkMessage: 'the answer is incomplete' })
