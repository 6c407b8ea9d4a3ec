import { once } from 'node:events'
import { AddressInfo, connect, createServer, Socket } from 'node:net'

/** A way to PostgreSQL that can fall silent: its connections stay open, and nothing passes any more until it speaks again. */
export class SilentDatabase {
  private readonly sockets = new Set<Socket>()
  private isSilent = false

  private readonly server = createServer((client) => this.carry(client))

  private constructor(private readonly target: URL) {}

  static async before(target: string): Promise<SilentDatabase> {
    const way = new SilentDatabase(new URL(target))
    await once(way.server.listen(0, '127.0.0.1'), 'listening')
    return way
  }

  get url(): string {
    const url = new URL(this.target)
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`
    return url.toString()
  }

  fallSilent(): void {
    this.isSilent = true
    this.loseOpen()
  }

  /** As when a firewall has forgotten the open connections: new ones are fine. */
  loseOpen(): void {
    for (const socket of this.sockets) socket.pause()
  }

  speak(): void {
    this.isSilent = false
    for (const socket of this.sockets) socket.resume()
  }

  end(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }

  private carry(client: Socket): void {
    const database = connect(Number(this.target.port), this.target.hostname)
    this.pass(client, database)
    this.pass(database, client)
  }

  private pass(from: Socket, to: Socket): void {
    this.sockets.add(from)
    from.on('error', () => to.destroy()).on('close', () => this.sockets.delete(from))
    from.pipe(to)
    if (this.isSilent) from.pause()
  }
}
