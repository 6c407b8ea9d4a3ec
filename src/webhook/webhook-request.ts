import {
  DecryptionError,
  decryptJson,
  EventInvalidError,
  LarkEnvelope,
  parseEnvelope,
  readChallenge,
  sameSecret,
  UrlChallenge,
  verifySignature
} from '../lark'
import { LarkSettings } from '../settings'
import { isObject, JsonObject, stringOf } from '../shared'
import { WebhookRejectedError } from './webhook-rejected-error'

/** What came over HTTP. */
export interface WebhookRequest {
  /** The bytes on the wire where the host keeps them, else the compact re-serialisation: the same for an encrypted body. */
  readonly bytes: Buffer
  /** The parsed JSON body. */
  body: unknown
  /** Header names in lower case. */
  headers: Record<string, string | string[] | undefined>
}

/** A request that is really Lark's, for this app. */
export type CheckedRequest = { kind: 'challenge'; challenge: string } | { kind: 'event'; envelope: LarkEnvelope }

type Keys = Pick<LarkSettings, 'appId' | 'encryptKey' | 'verificationToken'>

/** A redelivery comes up to 6 h later and may carry the old timestamp (lark-platform 1.4): dedup makes a replay harmless. */
const MAX_AGE_MS = 8 * 3_600_000
const MAX_AHEAD_MS = 5 * 60_000

const headerOf = (request: WebhookRequest, name: string): string => {
  return stringOf(request.headers[name])
}

const isFresh = (timestamp: string, now: Date): boolean => {
  if (!/^\d{1,13}$/.test(timestamp)) return false
  const ageMs = now.getTime() - Number(timestamp) * 1000
  return ageMs <= MAX_AGE_MS && ageMs >= -MAX_AHEAD_MS
}

/** True when signed, false when there is no signature at all. Throws for a wrong one. */
const checkSignature = (request: WebhookRequest, encryptKey: string, now: Date): boolean => {
  const signature = headerOf(request, 'x-lark-signature')
  if (signature === '') return false
  const timestamp = headerOf(request, 'x-lark-request-timestamp')
  const nonce = headerOf(request, 'x-lark-request-nonce')
  if (!verifySignature({ timestamp, nonce, signature, body: request.bytes }, encryptKey)) {
    throw new WebhookRejectedError('signature', 'The signature does not match the Encrypt Key')
  }
  if (!isFresh(timestamp, now))
    throw new WebhookRejectedError('timestamp', 'The request is too old, or from the future')
  return true
}

const decrypted = (encrypted: unknown, encryptKey: string): unknown => {
  try {
    return decryptJson(encrypted, encryptKey)
  } catch (error) {
    if (!(error instanceof DecryptionError)) throw error
    throw new WebhookRejectedError('undecryptable', 'The body can not be decrypted with the Encrypt Key', error)
  }
}

/** What `parse` reads. Throws `WebhookRejectedError` for what is no event of Lark's. */
export const unlessMalformed = <T>(parse: () => T): T => {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof EventInvalidError)) throw error
    throw new WebhookRejectedError('malformed', error.message, error)
  }
}

const checkToken = (token: string, keys: Keys): void => {
  if (keys.verificationToken !== undefined && !sameSecret(token, keys.verificationToken)) {
    throw new WebhookRejectedError('token', 'The Verification Token does not match')
  }
}

const challengeAnswer = (challenge: UrlChallenge, keys: Keys): CheckedRequest => {
  checkToken(challenge.token, keys)
  return { kind: 'challenge', challenge: challenge.challenge }
}

const eventAnswer = (content: unknown, keys: Keys): CheckedRequest => {
  const envelope = unlessMalformed(() => parseEnvelope(content))
  checkToken(envelope.token, keys)
  if (envelope.appId !== keys.appId) throw new WebhookRejectedError('wrong_app', 'The event belongs to another app')
  return { kind: 'event', envelope }
}

/** Signature first, then decryption. Only the URL challenge may come unsigned, and then its token must be right. */
const checkEncrypted = (
  request: WebhookRequest,
  body: JsonObject,
  keys: Keys,
  encryptKey: string,
  now: Date
): CheckedRequest => {
  const isSigned = checkSignature(request, encryptKey, now)
  if (!('encrypt' in body)) {
    throw new WebhookRejectedError('encryption_required', 'A plain body is not accepted where an Encrypt Key is set')
  }
  const content = decrypted(body['encrypt'], encryptKey)
  const challenge = readChallenge(content)
  if (!challenge && !isSigned) throw new WebhookRejectedError('signature_missing', 'The request is not signed')
  if (!challenge) return eventAnswer(content, keys)
  if (!isSigned && keys.verificationToken === undefined) {
    throw new WebhookRejectedError('verification_token_missing', 'Enter the Verification Token, the URL check needs it')
  }
  return challengeAnswer(challenge, keys)
}

const checkPlain = (body: JsonObject, keys: Keys): CheckedRequest => {
  if ('encrypt' in body)
    throw new WebhookRejectedError('encrypt_key_missing', 'Lark encrypts, but no Encrypt Key is set')
  const challenge = readChallenge(body)
  return challenge ? challengeAnswer(challenge, keys) : eventAnswer(body, keys)
}

const opened = (body: JsonObject, encryptKey: string | undefined): unknown => {
  if (!('encrypt' in body)) return body
  return encryptKey === undefined ? undefined : decrypted(body['encrypt'], encryptKey)
}

/** Whether a request that is not taken shows that it knows the app: its id, its token or its key. Never throws. */
export const isFromApp = ({ body }: WebhookRequest, keys: Keys): boolean => {
  if (!isObject(body)) return false
  try {
    const content = opened(body, keys.encryptKey)
    const challenge = readChallenge(content)
    const { token, appId } = challenge ? { ...challenge, appId: undefined } : parseEnvelope(content)
    const knowsToken = keys.verificationToken !== undefined && sameSecret(token, keys.verificationToken)
    return 'encrypt' in body || knowsToken || appId === keys.appId
  } catch {
    return false
  }
}

/**
 * Decides whether a request is Lark's: the Encrypt Key's signature, or else the Verification Token on every event; with
 * neither configured nothing is. Throws `WebhookRejectedError`, and nothing else, whatever it is given.
 */
export const checkRequest = (request: WebhookRequest, keys: Keys, now: Date): CheckedRequest => {
  if (keys.encryptKey === undefined && keys.verificationToken === undefined) {
    throw new WebhookRejectedError('not_configured', 'Neither a Verification Token nor an Encrypt Key is set')
  }
  if (!isObject(request.body)) throw new WebhookRejectedError('malformed', 'The body is not a JSON object')
  if (keys.encryptKey === undefined) return checkPlain(request.body, keys)
  return checkEncrypted(request, request.body, keys, keys.encryptKey, now)
}
