import { defaultHttpInstance, HttpInstance, HttpRequestOptions } from '@larksuiteoapi/node-sdk'
import { Readable } from 'node:stream'
import { isObject, messageOf, objectOf, parseJson } from '../shared'

/** The SDK's own instance waits for ever (lark-platform trap 42). */
const HTTP_TIMEOUT_MS = 10_000

/** What is known about a call that did not answer "ok". Carries no request: that one holds the token and the body. */
export class LarkCallFailure extends Error {
  constructor(
    message: string,
    readonly facts: {
      /** The system's code of a network fault: `ECONNREFUSED`. */
      networkCode?: string
      httpStatus?: number
      larkCode?: number
      larkMessage?: string
      logId?: string
      retryAfterMs?: number
      /** The token endpoint failed, so the call itself was never made. */
      isTokenCall: boolean
    }
  ) {
    super(message)
  }
}

interface Answer {
  status: number
  data: unknown
  headers: Record<string, unknown>
}

const TOKEN_PATH = '/tenant_access_token/internal'

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
const optionalString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** What Lark's limits ask for is over by then; a longer wait would be an answer that nobody sees. */
const MOST_WAIT_MS = 60_000

const retryAfterMsOf = (headers: Record<string, unknown>): number | undefined => {
  const seconds = Number(optionalString(headers['x-ogw-ratelimit-reset']))
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, MOST_WAIT_MS) : undefined
}

/** A refusal in place of a file is JSON without a file's header; a JSON file that somebody sent has one. */
const isRefusal = (headers: Record<string, unknown>): boolean =>
  (optionalString(headers['content-type']) ?? '').startsWith('application/json') &&
  headers['content-disposition'] === undefined

const MAX_REFUSAL_BYTES = 64 * 1024

/** Lark's word on a refused file arrives as a stream too, to whose silence the time-out of a call does not apply. */
const withReadBody = async (answer: Answer, limitMs: number): Promise<Answer> => {
  if (!(answer.data instanceof Readable)) return answer
  const { data } = answer
  const silence = setTimeout(() => data.destroy(), limitMs)
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of data) {
      const part = Buffer.from(chunk as Uint8Array)
      chunks.push(part)
      bytes += part.length
      if (bytes > MAX_REFUSAL_BYTES) break
    }
  } catch {
    // What has arrived may still say why.
  }
  clearTimeout(silence)
  data.destroy()
  return { ...answer, data: parseJson(Buffer.concat(chunks).toString('utf8')) }
}

/**
 * The one way out to Lark's REST API for the SDK: a time-out, no proxy from the environment (it corrupts URLs, lark-platform
 * 8) and no redirects, one token request at a time, and a failure whenever the answer is not "ok": the SDK alone
 * returns HTTP 200 with a code as a success (trap 40).
 */
export class LarkHttp implements HttpInstance {
  private readonly axios: ReturnType<typeof defaultHttpInstance.create>
  private readonly tokenRequests = new Map<string, Promise<unknown>>()

  constructor(private readonly timeoutMs = HTTP_TIMEOUT_MS) {
    this.axios = defaultHttpInstance.create({
      timeout: timeoutMs,
      proxy: false,
      maxRedirects: 0,
      validateStatus: () => true
    })
  }

  async request<T, R = T, D = unknown>(options: HttpRequestOptions<D>): Promise<R> {
    const answer = await this.send(options)
    const isFile = options.responseType === 'stream' && answer.status < 300 && !isRefusal(answer.headers)
    if (!isFile) this.check(await withReadBody(answer, this.timeoutMs), options.url ?? '')
    const result: unknown = options.$return_headers ? { data: answer.data, headers: answer.headers } : answer.data
    return result as R
  }

  get<T, R = T, D = unknown>(url: string, options?: HttpRequestOptions<D>): Promise<R> {
    return this.request<T, R, D>({ ...options, url, method: 'get' })
  }

  delete<T, R = T, D = unknown>(url: string, options?: HttpRequestOptions<D>): Promise<R> {
    return this.request<T, R, D>({ ...options, url, method: 'delete' })
  }

  head<T, R = T, D = unknown>(url: string, options?: HttpRequestOptions<D>): Promise<R> {
    return this.request<T, R, D>({ ...options, url, method: 'head' })
  }

  options<T, R = T, D = unknown>(url: string, options?: HttpRequestOptions<D>): Promise<R> {
    return this.request<T, R, D>({ ...options, url, method: 'options' })
  }

  /** The SDK asks for a token once per waiting call (trap 39); they share one request here. Its own have no options. */
  async post<T, R = T, D = unknown>(url: string, data?: D, options?: HttpRequestOptions<D>): Promise<R> {
    const send = () => this.request<T, R, D>({ ...options, url, data, method: 'post' })
    if (!url.endsWith(TOKEN_PATH) || options !== undefined) return send()
    const running = this.tokenRequests.get(url) ?? send().finally(() => this.tokenRequests.delete(url))
    this.tokenRequests.set(url, running)
    return (await running) as R
  }

  put<T, R = T, D = unknown>(url: string, data?: D, options?: HttpRequestOptions<D>): Promise<R> {
    return this.request<T, R, D>({ ...options, url, data, method: 'put' })
  }

  patch<T, R = T, D = unknown>(url: string, data?: D, options?: HttpRequestOptions<D>): Promise<R> {
    return this.request<T, R, D>({ ...options, url, data, method: 'patch' })
  }

  private async send<D>(options: HttpRequestOptions<D>): Promise<Answer> {
    const { $return_headers: _own, paramsSerializer: _sdk, ...rest } = options
    try {
      const { status, data, headers } = await this.axios.request<unknown>(rest)
      return { status, data, headers: { ...headers } }
    } catch (error) {
      const networkCode =
        isObject(error) || error instanceof Error ? optionalString(Reflect.get(error, 'code')) : undefined
      throw new LarkCallFailure(messageOf(error), {
        networkCode,
        isTokenCall: (options.url ?? '').endsWith(TOKEN_PATH)
      })
    }
  }

  private check({ status, data, headers }: Answer, url: string): void {
    const body = objectOf(data)
    const larkCode = numberOf(body['code'])
    if (status < 300 && larkCode === 0) return
    const detail = objectOf(body['error'])
    throw new LarkCallFailure(`HTTP ${status}, code ${larkCode ?? 'none'}`, {
      httpStatus: status,
      larkCode,
      larkMessage: optionalString(body['msg']),
      logId: optionalString(headers['x-tt-logid']) ?? optionalString(detail['log_id']),
      retryAfterMs: retryAfterMsOf(headers),
      isTokenCall: url.endsWith(TOKEN_PATH)
    })
  }
}
