import { randomBytes, randomUUID } from 'node:crypto'
import * as http from 'node:http'
import * as https from 'node:https'
import type { App } from '../state/model'
import { encryptText, signBody } from './encrypt-body'

/** Result of one attempt, on either transport. */
export interface PushOutcome {
  ok: boolean
  status?: number
  error?:
    | 'timeout'
    | 'connect'
    | 'status'
    | 'no_url'
    | 'no_connection'
    | 'closed'
    | 'nack'
    | 'not_acknowledged'
    | 'ack_dropped'
  responseBody?: unknown
  connectionId?: string
}

const ACK_LIMIT_MS = 3000
const CONNECT_LIMIT_MS = 2000

/** One POST the way the platform makes it. Only HTTP 200 within the limit is a success; redirects are not followed. */
export class WebhookPush {
  private readonly agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({ keepAlive: true })
  }

  send(app: App, url: string | undefined, content: unknown, limitMs = ACK_LIMIT_MS): Promise<PushOutcome> {
    if (!url) return Promise.resolve({ ok: false, error: 'no_url' })
    return this.post(new URL(url), webhookBody(app, content), limitMs)
  }

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy()
  }

  private post(
    url: URL,
    message: { body: string; headers: Record<string, string> },
    limitMs: number
  ): Promise<PushOutcome> {
    const secure = url.protocol === 'https:'
    const agent = secure ? this.agents['https:'] : this.agents['http:']
    return new Promise((resolve) => {
      const outgoing = (secure ? https : http).request(url, { method: 'POST', agent, headers: message.headers })
      const limit = setTimeout(() => end({ ok: false, error: 'timeout' }), limitMs)
      const connectLimit = setTimeout(() => end({ ok: false, error: 'connect' }), CONNECT_LIMIT_MS)
      const end = (outcome: PushOutcome): void => {
        clearTimeout(limit)
        clearTimeout(connectLimit)
        outgoing.destroy()
        resolve(outcome)
      }
      outgoing.on('socket', (socket) => {
        const connected = (): void => clearTimeout(connectLimit)
        if (socket.connecting) socket.once('connect', connected)
        else connected()
      })
      outgoing.on('response', (answer) => readAnswer(answer, end))
      outgoing.on('error', (error: NodeJS.ErrnoException) =>
        end({ ok: false, error: 'connect', responseBody: error.code ?? error.message })
      )
      outgoing.end(message.body)
    })
  }
}

function readAnswer(answer: http.IncomingMessage, end: (outcome: PushOutcome) => void): void {
  const chunks: Buffer[] = []
  const status = answer.statusCode ?? 0
  answer.on('data', (chunk: Buffer) => chunks.push(chunk))
  answer.on('error', () => end({ ok: false, status, error: 'connect' }))
  answer.on('end', () => {
    const responseBody = parseBody(Buffer.concat(chunks).toString('utf8'))
    end(status === 200 ? { ok: true, status, responseBody } : { ok: false, status, error: 'status', responseBody })
  })
}

export function webhookBody(app: App, content: unknown): { body: string; headers: Record<string, string> } {
  const plain = JSON.stringify(content)
  const headers: Record<string, string> = {
    'content-type': 'application/json;charset=utf-8',
    'x-request-id': randomUUID(),
    'x-tt-logid': randomBytes(16).toString('hex')
  }
  if (!app.encryptKey)
    return { body: plain, headers: { ...headers, 'content-length': String(Buffer.byteLength(plain)) } }
  const body = JSON.stringify({ encrypt: encryptText(plain, app.encryptKey) })
  const timestamp = String(Math.floor(Date.now() / 1000))
  const nonce = randomBytes(8).toString('hex')
  return {
    body,
    headers: {
      ...headers,
      'content-length': String(Buffer.byteLength(body)),
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signBody({ timestamp, nonce, encryptKey: app.encryptKey, body })
    }
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
