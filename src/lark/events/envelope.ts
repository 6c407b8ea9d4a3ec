import { isObject, JsonObject, PluginError, stringOf, textOf } from '../../shared'

export interface LarkEnvelope {
  /** v2 `header.event_id`, v1 `uuid`. */
  eventId: string
  eventType: string
  appId: string
  /** The company whose app it is; empty where Lark does not say. */
  tenantKey: string
  /** The Verification Token as sent; empty where there is none, as in a stored payload. */
  token: string
  /** When Lark made the event; the epoch when it does not say. */
  createTime: Date
  event: JsonObject
  /** The whole envelope as received. */
  raw: JsonObject
}

/** The body is no event of Lark's; `code` names the part that is missing or wrong. */
export class EventInvalidError extends PluginError<'envelope' | 'event_id' | 'event_type' | 'app_id' | 'event'> {
  constructor(code: EventInvalidError['code']) {
    super(code, `The event's ${code.replace('_', ' ')} is missing or malformed`)
  }
}

/** What `parse` reads; null for a payload that is no event of Lark's, or of another kind. */
export const unlessInvalid = <T>(parse: () => T): T | null => {
  try {
    return parse()
  } catch (error) {
    if (error instanceof EventInvalidError) return null
    throw error
  }
}

/** Longest id or type that is stored; Lark's own have 32 to 64 characters. */
const MAX_ID_LENGTH = 200

const idOf = (value: unknown, code: EventInvalidError['code']): string => {
  const text = textOf(value)
  if (text === undefined || text.length > MAX_ID_LENGTH) throw new EventInvalidError(code)
  return text
}

/** The last moment that a `Date` knows. */
const MAX_MS = 8.64e15

/**
 * Lark gives times as text in seconds, milliseconds or microseconds, depending on the event (lark-platform 1.3, trap 32).
 */
export const timeOf = (value: unknown): Date => {
  const number = Number(typeof value === 'number' ? value : textOf(value))
  if (!Number.isFinite(number) || number <= 0) return new Date(0)
  const ms = number >= 1e15 ? number / 1000 : number >= 1e11 ? number : number * 1000
  return ms > MAX_MS ? new Date(0) : new Date(Math.trunc(ms))
}

const parseModern = (raw: JsonObject, header: JsonObject): LarkEnvelope => {
  if (!isObject(raw['event'])) throw new EventInvalidError('event')
  return {
    eventId: idOf(header['event_id'], 'event_id'),
    eventType: idOf(header['event_type'], 'event_type'),
    appId: idOf(header['app_id'], 'app_id'),
    tenantKey: stringOf(header['tenant_key']),
    token: stringOf(header['token']),
    createTime: timeOf(header['create_time']),
    event: raw['event'],
    raw
  }
}

const parseLegacy = (raw: JsonObject): LarkEnvelope => {
  const event = raw['event']
  if (!isObject(event)) throw new EventInvalidError('event')
  return {
    eventId: idOf(raw['uuid'], 'event_id'),
    eventType: idOf(event['type'], 'event_type'),
    appId: idOf(event['app_id'], 'app_id'),
    tenantKey: stringOf(event['tenant_key']),
    token: stringOf(raw['token']),
    createTime: timeOf(raw['ts']),
    event,
    raw
  }
}

/** Parses a v1 or v2 envelope. Throws `EventInvalidError`, and nothing else, whatever it is given. */
export const parseEnvelope = (value: unknown): LarkEnvelope => {
  if (!isObject(value)) throw new EventInvalidError('envelope')
  if ('schema' in value || 'header' in value) {
    if (!isObject(value['header'])) throw new EventInvalidError('envelope')
    return parseModern(value, value['header'])
  }
  if (value['type'] !== 'event_callback') throw new EventInvalidError('envelope')
  return parseLegacy(value)
}

export interface UrlChallenge {
  challenge: string
  token: string
}

/** The `url_verification` request that Lark sends when the URL is saved in its console; null for anything else. */
export const readChallenge = (value: unknown): UrlChallenge | null => {
  if (!isObject(value) || value['type'] !== 'url_verification') return null
  const challenge = value['challenge']
  return typeof challenge === 'string' ? { challenge, token: stringOf(value['token']) } : null
}
