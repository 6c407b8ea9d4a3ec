import { Agent, request } from 'node:http'

/** JSON over HTTP to `/_control`. `undefined` query values are left out; an answer with `error` becomes an Error. */
export class ControlHttp {
  private readonly agent = new Agent({ keepAlive: true })

  constructor(private readonly origin: string) {}

  get<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T> {
    const entries = Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]): [string, string] => [key, String(value)])
    const search = new URLSearchParams(entries).toString()
    return this.call('GET', search ? `${path}?${search}` : path)
  }

  post<T>(path: string, body: unknown, waitMs = 0): Promise<T> {
    return this.call('POST', path, body, waitMs)
  }

  delete<T>(path: string): Promise<T> {
    return this.call('DELETE', path)
  }

  close(): void {
    this.agent.destroy()
  }

  private call<T>(method: string, path: string, body?: unknown, waitMs = 0): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // The server answers long polls itself; the socket limit only catches a server that is gone.
      const options = {
        method,
        agent: this.agent,
        timeout: 30_000 + waitMs,
        headers: { 'content-type': 'application/json' }
      }
      const outgoing = request(`${this.origin}/_control/${path}`, options, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const parsed = parse(Buffer.concat(chunks).toString('utf8'))
          if (answer.statusCode === 200) resolve(parsed as T)
          else reject(new Error(errorOf(parsed) ?? `simulator answered ${answer.statusCode} to ${method} ${path}`))
        })
      })
      outgoing.on('timeout', () => outgoing.destroy(new Error(`simulator did not answer ${method} ${path}`)))
      outgoing.on('error', reject)
      outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return { error: `simulator answered no JSON: ${text.slice(0, 200)}` }
  }
}

function errorOf(parsed: unknown): string | undefined {
  return (parsed as { error?: string } | undefined)?.error
}
