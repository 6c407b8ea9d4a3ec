import { createCipheriv, createHash } from 'node:crypto'

const IV = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')

/** What Lark puts into `encrypt` (lark-platform 1.5). */
export const encrypt = (value: unknown, encryptKey: string): string => {
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(encryptKey).digest(), IV)
  return Buffer.concat([IV, cipher.update(JSON.stringify(value)), cipher.final()]).toString('base64')
}

/** The headers that Lark signs a body with; `at` is an instant. */
export const signatureHeaders = (bytes: Buffer, encryptKey: string, at: Date): Record<string, string> => {
  const timestamp = String(Math.trunc(at.getTime() / 1000))
  const signature = createHash('sha256').update(`${timestamp}nonce${encryptKey}`).update(bytes).digest('hex')
  return { 'x-lark-request-timestamp': timestamp, 'x-lark-request-nonce': 'nonce', 'x-lark-signature': signature }
}
