import { createCipheriv, createHash, randomBytes } from 'node:crypto'

/** base64(IV + AES-256-CBC(sha256(key), PKCS#7)). The IV is an argument for test vectors only. */
export function encryptText(plain: string, encryptKey: string, iv = randomBytes(16)): string {
  const key = createHash('sha256').update(encryptKey, 'utf8').digest()
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]).toString('base64')
}

/** X-Lark-Signature: a plain hash over the concatenated text, not an HMAC. */
export function signBody(input: { timestamp: string; nonce: string; encryptKey: string; body: string }): string {
  return createHash('sha256')
    .update(input.timestamp + input.nonce + input.encryptKey + input.body, 'utf8')
    .digest('hex')
}

/** Signature of the old card callback (card.action.trigger_v1). */
export function signLegacyCard(input: {
  timestamp: string
  nonce: string
  verificationToken: string
  body: string
}): string {
  return createHash('sha1')
    .update(input.timestamp + input.nonce + input.verificationToken + input.body, 'utf8')
    .digest('hex')
}
