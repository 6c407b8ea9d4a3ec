import { WebhookRejectedError } from './webhook-rejected-error'
import { WebhookRequest } from './webhook-request'

/** The part of an HTTP request that is read here. */
export interface HttpRequest {
  params?: Record<string, string | string[] | undefined>
  url?: string
  originalUrl?: string
  body?: unknown
  /** Kept by hosts that were asked to; the Xpert host is not (host-observed 14). */
  rawBody?: Buffer
  headers: Record<string, string | string[] | undefined>
}

/** The part of Node's own HTTP response that is used here. */
export interface HttpResponse {
  writeHead(code: number, headers: Record<string, string | number>): { end(body: string): unknown }
}

const ID_IN_URL = /\/lark\/webhook\/([^/?#]+)/

/** A middleware may be asked before the host knows the route's parameters. */
export const integrationIdOf = ({ params, originalUrl, url }: HttpRequest): string => {
  const param = params?.['integrationId']
  if (typeof param === 'string') return param
  return ID_IN_URL.exec(originalUrl ?? url ?? '')?.[1] ?? ''
}

const serialised = (body: unknown): Buffer => {
  try {
    return Buffer.from(JSON.stringify(body ?? null))
  } catch (error) {
    // Parsing takes any depth, serialising does not.
    throw new WebhookRejectedError('malformed', 'The body is nested too deeply', error)
  }
}

/** The bytes are made when they are asked for: a host without raw bodies has parsed up to 50 MB of them. */
export const toWebhookRequest = ({ body, rawBody, headers }: HttpRequest): WebhookRequest => {
  let bytes = Buffer.isBuffer(rawBody) ? rawBody : undefined
  return {
    body,
    headers,
    get bytes() {
      return (bytes ??= serialised(body))
    }
  }
}

/** Written as it is: nobody caches it, and express would hash each body for an entity tag. */
export const answer = (response: HttpResponse, code: number, body: object): void => {
  const text = JSON.stringify(body)
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) }
  response.writeHead(code, headers).end(text)
}

/** Small JSON, never a stack. */
export const answerRefusal = (error: unknown, response: HttpResponse): void => {
  if (error instanceof WebhookRejectedError)
    answer(response, error.status, { code: error.code, message: error.message })
  else answer(response, 500, { code: 'internal', message: 'Internal error' })
}
