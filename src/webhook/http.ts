import { WebhookRejectedError } from './webhook-rejected-error'
import { WebhookRequest } from './webhook-request'

/** The part of an HTTP request that is read here. */
export interface HttpRequest {
  body?: unknown
  /** Kept by hosts that were asked to; the Xpert host is not (host-observed 14). */
  rawBody?: Buffer
  headers: Record<string, string | string[] | undefined>
}

/** The part of an HTTP response that is used here. */
export interface HttpResponse {
  status(code: number): { json(body: object): unknown }
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

/** Small JSON, never a stack. */
export const answerRefusal = (error: unknown, response: HttpResponse): void => {
  if (error instanceof WebhookRejectedError)
    response.status(error.status).json({ code: error.code, message: error.message })
  else response.status(500).json({ code: 'internal', message: 'Internal error' })
}
