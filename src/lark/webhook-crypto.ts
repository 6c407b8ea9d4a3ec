import { createDecipheriv, hash, timingSafeEqual } from 'node:crypto'
import { parseJson, PluginError } from '../shared'

/** The body can not be decrypted with the Encrypt Key, or is no JSON afterwards. */
export class DecryptionError extends PluginError<'not_base64' | 'wrong_key' | 'not_json'> {}

/** In one call: a hash object for each would be most of its cost, and work for the garbage collector. */
const sha256 = (data: string | Buffer): Buffer => hash('sha256', data, 'buffer')

/** Constant time, whatever the lengths: both sides are hashed first. */
export const sameSecret = (left: string, right: string): boolean => timingSafeEqual(sha256(left), sha256(right))

export interface SignedRequest {
  timestamp: string
  nonce: string
  /** Lower-case hex, as in `X-Lark-Signature`. */
  signature: string
  /** The bytes on the wire. */
  body: Buffer
}

/** `sha256(timestamp + nonce + encryptKey + body)`: a plain hash, not an HMAC (lark-platform 1.4). */
export const verifySignature = (request: SignedRequest, encryptKey: string): boolean => {
  const signed = Buffer.concat([Buffer.from(`${request.timestamp}${request.nonce}${encryptKey}`), request.body])
  const expected = sha256(signed).toString('hex')
  return sameSecret(expected, request.signature)
}

const BLOCK_BYTES = 16
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** AES-256-CBC, key sha256(Encrypt Key), base64(IV + ciphertext), PKCS#7 (lark-platform 1.5). Throws `DecryptionError`. */
export const decryptText = (encrypted: unknown, encryptKey: string): string => {
  if (typeof encrypted !== 'string' || !BASE64.test(encrypted)) {
    throw new DecryptionError('not_base64', 'The encrypted body is not base64')
  }
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.length < 2 * BLOCK_BYTES || bytes.length % BLOCK_BYTES !== 0) {
    throw new DecryptionError('not_base64', 'The encrypted body is truncated')
  }
  try {
    const decipher = createDecipheriv('aes-256-cbc', sha256(encryptKey), bytes.subarray(0, BLOCK_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(BLOCK_BYTES)), decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new DecryptionError('wrong_key', 'The body was not encrypted with this Encrypt Key', { cause })
  }
}

/** Decrypts the `encrypt` field of a body into the JSON value inside. Throws `DecryptionError`. */
export const decryptJson = (encrypted: unknown, encryptKey: string): unknown => {
  const value = parseJson(decryptText(encrypted, encryptKey))
  if (value === undefined) throw new DecryptionError('not_json', 'The decrypted body is not JSON')
  return value
}
