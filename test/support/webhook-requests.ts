import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { encrypt, signatureHeaders } from './signed-request'
import { Bot } from './world'

export interface Sent {
  id: string
  body: string
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  text: string
}

const PIECE = 1024 * 1024

/**
 * Posts to a bot's webhook as anybody can; stops sending once it is answered, as a server that refuses a large body reads no
 * more of it.
 */
export const postTo = (hostUrl: string, { id, body, headers }: Sent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const bytes = Buffer.from(body)
    const sending = request(`${hostUrl}/api/lark/webhook/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': bytes.length, ...headers }
    })
    let isAnswered = false
    sending.on('response', (answer) => {
      isAnswered = true
      answer.setEncoding('utf8')
      let text = ''
      answer.on('data', (part: string) => (text += part))
      answer.on('error', reject)
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text })
        sending.destroy()
      })
    })
    sending.on('error', (error) => {
      if (!isAnswered) reject(error)
    })
    const send = (from: number): void => {
      if (isAnswered) return
      if (from >= bytes.length) sending.end()
      else sending.write(bytes.subarray(from, from + PIECE), () => send(from + PIECE))
    }
    send(0)
  })

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
