export interface JsonRequest {
  method?: string
  body?: unknown
  headers?: Record<string, string>
}

export interface JsonResponse<T> {
  status: number
  body: T
}

/** Any status is an answer; an empty or non-JSON body comes as text. */
export async function exchangeJson<T>(
  url: string,
  { method = 'GET', body, headers = {} }: JsonRequest = {}
): Promise<JsonResponse<T>> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body)
  })
  const text = await response.text()
  return { status: response.status, body: parse(text) as T }
}

/** Throws unless the status is 2xx. */
export async function requestJson<T>(url: string, request?: JsonRequest): Promise<T> {
  const { status, body } = await exchangeJson<T>(url, request)
  if (status >= 300) throw new Error(`${request?.method ?? 'GET'} ${url}: ${status} ${JSON.stringify(body)}`)
  return body
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
