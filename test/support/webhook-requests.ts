import { randomUUID } from 'node:crypto'
import { encrypt, signatureHeaders } from './signed-request'
import { Bot } from './world'

export interface Sent {
  id: string
  body: string
  headers?: Record<string, string>
}

export interface Answer {
  /** `HUNG_UP` where the server closed the connection before it had read the body. */
  status: number
  text: string
}

export const HUNG_UP = 0

const isHangUp = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined
  return (
    cause instanceof Error && 'code' in cause && ['EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET'].includes(String(cause.code))
  )
}

/** Posts to a bot's webhook as anybody can. */
export const postTo = async (hostUrl: string, { id, body, headers }: Sent): Promise<Answer> => {
  try {
    const answer = await fetch(`${hostUrl}/api/lark/webhook/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body
    })
    return { status: answer.status, text: await answer.text() }
  } catch (error) {
    if (isHangUp(error)) return { status: HUNG_UP, text: '' }
    throw error
  }
}

/** A message event as Lark sends it without an Encrypt Key, or one that differs from it in one thing. */
export const plainEvent = (bot: Bot, change: { token?: string; appId?: string; type?: string } = {}): string =>
  JSON.stringify({
    schema: '2.0',
    header: {
      event_id: randomUUID(),
      event_type: change.type ?? 'im.message.receive_v1',
      create_time: String(Date.now()),
      token: change.token ?? bot.app.verificationToken,
      app_id: change.appId ?? bot.app.appId,
      tenant_key: 't1'
    },
    event: {
      sender: { sender_id: { open_id: 'ou_1' }, sender_type: 'user', tenant_key: 't1' },
      message: {
        message_id: `om_${randomUUID()}`,
        create_time: '1700000000000',
        chat_id: 'oc_1',
        chat_type: 'p2p',
        message_type: 'text',
        content: '{"text":"hi"}'
      }
    }
  })

/** The same with an Encrypt Key, not signed yet. */
export const encryptedEvent = (bot: Bot, change: Parameters<typeof plainEvent>[1] = {}): string =>
  JSON.stringify({ encrypt: encrypt(JSON.parse(plainEvent(bot, change)), bot.app.encryptKey) })

/** Signs a body with the bot's key, or another one, at an instant. */
export const signedBy = (bot: Bot, body: string, how: { key?: string; at?: Date } = {}): Sent => ({
  id: bot.integrationId,
  body,
  headers: signatureHeaders(Buffer.from(body), how.key ?? bot.app.encryptKey, how.at ?? new Date())
})
