import { IncomingHttpHeaders, Server, ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedPush {
  headers: IncomingHttpHeaders
  body: string
}

/** An app's request URL: keeps what came and answers as told. */
export class WebhookReceiver {
  readonly received: ReceivedPush[] = []
  answer: (push: ReceivedPush, response: ServerResponse) => void = (_push, response) => void response.end('{}')
  private wake: () => void = () => undefined

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const push = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') }
        receiver.received.push(push)
        receiver.answer(push, response)
        receiver.wake()
      })
    })
    const receiver = new WebhookReceiver(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`
  }

  async waitFor(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => (this.wake = resolve))
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve())
      this.server.closeAllConnections()
    })
  }
}
