import type { App } from '../state/model'
import { fieldViolation } from '../wire/error-codes'
import type { Platform } from '../platform'
import type { MultipartForm } from './multipart'

/** One call after its token, scope and rate were checked. */
export interface ApiContext {
  platform: Platform
  app: App
  params: Record<string, string>
  query: Record<string, string>
  /** Repeated query keys. */
  queryAll(name: string): string[]
  body: Record<string, unknown>
  bodyBytes: number
  /** Which cloud was called. */
  cloud: App['region']
  form?: MultipartForm
}

export type ApiResult =
  | { data: unknown }
  /** Fields beside `code` and `msg` instead of under `data`. */
  | { flat: Record<string, unknown> }
  | { file: { bytes: Buffer; name: string } }

export interface Api {
  /** For example 'im.message.reply'. */
  name: string
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  path: string
  /** Any one of them is enough; none = no scope needed. */
  scopes?: string[]
  /** No bearer token. */
  open?: boolean
  limits?: { perSecond?: number; perMinute?: number }
  handle(context: ApiContext): ApiResult | Promise<ApiResult>
}

/** The limits of most calls a chat bot makes (tier 4). */
export const TIER_4 = { perSecond: 50, perMinute: 1000 }

export function requiredText(body: Record<string, unknown>, field: string): string {
  const value = body[field]
  if (typeof value !== 'string' || value === '') throw fieldViolation(field, `${field} is required`)
  return value
}

export function optionalText(body: Record<string, unknown>, field: string, maxLength: number): string | undefined {
  const value = body[field]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || value.length > maxLength)
    throw fieldViolation(field, `the max length is ${maxLength}`)
  return value
}

export function oneOf(value: string | undefined, allowed: string[], field: string): string {
  if (value === undefined || !allowed.includes(value))
    throw fieldViolation(field, `optional values are: [${allowed.join(',')}]`)
  return value
}
