import { once } from 'node:events'
import { createServer, IncomingMessage, request, Server, ServerResponse } from 'node:http'
import { AddressInfo } from 'node:net'

/** Hands requests to the targets in turn, byte for byte, as what stands before several instances does. */
export class LoadBalancer {
  private targets: string[] = []
  private next = 0

  private constructor(private readonly server: Server) {}

  static async listen(): Promise<LoadBalancer> {
    const server = createServer()
    const balancer = new LoadBalancer(server)
    server.on('request', (incoming, outgoing) => balancer.forward(incoming, outgoing))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return balancer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** From now on; base URLs. */
  sendTo(targets: readonly string[]): void {
    this.targets = [...targets]
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const target = this.targets[this.next++ % this.targets.length]
    if (!target) {
      outgoing.writeHead(502).end()
      return
    }
    const { method, headers } = incoming
    const onward = request(`${target}${incoming.url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }
}
