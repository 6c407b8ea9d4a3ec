import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'

/** What a ceiling must do to be one: verify the signature, decrypt, check the token. */
export interface DoorKeys {
  verificationToken: string
  encryptKey: string
}

export interface DoorRequest {
  bytes: Buffer
  body: unknown
  header(name: string): string
}

/** The event's id; throws when it is not Lark's. */
export const checkAtDoor = ({ bytes, body, header }: DoorRequest, keys: DoorKeys): string => {
  const event = keys.encryptKey ? decrypted(bytes, body as { encrypt: string }, header, keys.encryptKey) : body
  const { header: head } = event as { header: { token: string; event_id: string } }
  if (!isSame(head.token, keys.verificationToken)) throw new Error('the token is wrong')
  return head.event_id
}

const decrypted = (
  bytes: Buffer,
  body: { encrypt: string },
  header: DoorRequest['header'],
  encryptKey: string
): unknown => {
  const signed = `${header('x-lark-request-timestamp')}${header('x-lark-request-nonce')}${encryptKey}`
  const signature = createHash('sha256').update(signed).update(bytes).digest('hex')
  if (!isSame(signature, header('x-lark-signature'))) throw new Error('the signature is wrong')
  const encrypted = Buffer.from(body.encrypt, 'base64')
  const key = createHash('sha256').update(encryptKey).digest()
  const decipher = createDecipheriv('aes-256-cbc', key, encrypted.subarray(0, 16))
  const plain = Buffer.concat([decipher.update(encrypted.subarray(16)), decipher.final()])
  return JSON.parse(plain.toString('utf8'))
}

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
