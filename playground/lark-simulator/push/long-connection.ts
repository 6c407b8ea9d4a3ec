import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { randomInt, randomUUID } from 'node:crypto'
import { WebSocket, WebSocketServer } from 'ws'
import type { ConnectionSpan, SimConnection } from '../contract'
import type { Changes } from '../state/changes'
import type { Faults } from '../state/faults'
import { Frame, METHOD_CONTROL, METHOD_DATA, decodeFrame, encodeFrame, headerOf, headersOf } from './frame-codec'
import type { PushOutcome } from './webhook-push'
import { SERVICE_ID, WsTickets } from './ws-tickets'

export interface ClientConfig {
  ReconnectCount: number
  ReconnectInterval: number
  ReconnectNonce: number
  PingInterval: number
}

export interface SendOptions {
  fragments?: number
  shuffleFragments?: boolean
  frameType?: 'event' | 'card'
}

interface Connection extends SimConnection {
  socket: WebSocket
}

const ACK_LIMIT_MS = 3000
export const MAX_CONNECTIONS = 50
// Enough for any test.
const SPANS_KEPT = 10_000

/** The socket side of the platform: many connections per app, each event goes to one of them at random. */
export class LongConnections {
  readonly config: ClientConfig = { ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 }
  readonly tickets = new WsTickets()
  private readonly server = new WebSocketServer({ noServer: true })
  private readonly open = new Map<string, Connection>()
  private readonly unanswered = new Set<Duplex>()
  private readonly awaited = new Map<string, { connectionId: string; settle: (outcome: PushOutcome) => void }>()
  private readonly spans: ConnectionSpan[] = []
  private sequence = 0

  constructor(
    private readonly faults: Faults,
    private readonly changes: Changes,
    private readonly violations: string[]
  ) {}

  connections(appId?: string): Connection[] {
    return [...this.open.values()].filter((connection) => appId === undefined || connection.appId === appId)
  }

  /** Every connection that the app ever had, the first one first. */
  history(appId: string): ConnectionSpan[] {
    return this.spans.filter((span) => span.appId === appId)
  }

  isFull(appId: string): boolean {
    return this.connections(appId).length >= MAX_CONNECTIONS
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const ticket = url.pathname === '/ws/v2' ? this.tickets.take(url.searchParams.get('ticket') ?? '') : undefined
    const fault = this.faults.take('handshake', { appId: ticket?.appId })
    if (fault?.never) return this.leaveUnanswered(socket)
    if (fault) return refuse(socket, fault.status ?? 403, 'refused by a fault')
    if (!ticket) return refuse(socket, 403, 'ticket is invalid')
    if (this.isFull(ticket.appId)) return refuse(socket, 514, 'exceeds connection limit', 1000040350)
    this.server.handleUpgrade(request, socket, head, (webSocket) => this.accept(webSocket, ticket))
  }

  /** Sends one event to one random connection and waits 3 s (virtual) for its acknowledgement. */
  send(appId: string, payload: unknown, options: SendOptions = {}): Promise<PushOutcome> {
    const choices = this.connections(appId)
    if (choices.length === 0) return Promise.resolve({ ok: false, error: 'no_connection' })
    const connection = choices[randomInt(choices.length)]
    const connectionId = connection.connectionId
    const messageId = randomUUID()
    return new Promise((resolve) => {
      const limit = setTimeout(() => settle({ ok: false, error: 'timeout', connectionId }), ACK_LIMIT_MS)
      const settle = (outcome: PushOutcome): void => {
        clearTimeout(limit)
        this.awaited.delete(messageId)
        resolve(outcome)
      }
      this.awaited.set(messageId, { connectionId, settle })
      for (const frame of this.framesOf(messageId, payload, options)) this.write(connection, frame)
    })
  }

  close(appId: string, how: { code?: number; terminate?: boolean }): number {
    const closing = this.connections(appId)
    for (const { socket } of closing) {
      if (how.terminate) socket.terminate()
      else socket.close(how.code ?? 1000)
    }
    return closing.length
  }

  halfOpen(appId: string, on: boolean): void {
    for (const connection of this.connections(appId)) connection.halfOpen = on
  }

  stop(): void {
    for (const { socket } of this.open.values()) socket.terminate()
    for (const socket of this.unanswered) socket.destroy()
    this.server.close()
  }

  private accept(socket: WebSocket, ticket: { appId: string; deviceId: string }): void {
    const connection: Connection = {
      connectionId: ticket.deviceId,
      appId: ticket.appId,
      openedAt: Date.now(),
      halfOpen: false,
      socket
    }
    this.open.set(connection.connectionId, connection)
    const span: ConnectionSpan = { connectionId: ticket.deviceId, appId: ticket.appId, openedAt: connection.openedAt }
    this.spans.push(span)
    if (this.spans.length > SPANS_KEPT) this.spans.shift()
    socket.on('message', (data, isBinary) => {
      if (!connection.halfOpen) this.receive(connection, data as Buffer, isBinary)
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      span.closedAt = Date.now()
      this.forget(connection)
    })
    this.changes.notify()
  }

  private forget(connection: Connection): void {
    this.open.delete(connection.connectionId)
    for (const { connectionId, settle } of [...this.awaited.values()]) {
      if (connectionId === connection.connectionId) settle({ ok: false, error: 'closed', connectionId })
    }
    this.changes.notify()
  }

  private receive(connection: Connection, data: Buffer, isBinary: boolean): void {
    try {
      if (!isBinary) throw new Error('text frame')
      const frame = decodeFrame(data)
      if (frame.method === METHOD_DATA) this.acknowledge(frame)
      else if (headerOf(frame, 'type') === 'ping') this.pong(connection, frame)
    } catch (error) {
      this.violations.push(`long connection of ${connection.appId}: unreadable frame (${(error as Error).message})`)
    }
  }

  private acknowledge(frame: Frame): void {
    const awaited = this.awaited.get(headerOf(frame, 'message_id') ?? '')
    if (!awaited) return
    const { code, data } = JSON.parse(Buffer.from(frame.payload ?? []).toString('utf8')) as {
      code: number
      data?: string
    }
    const responseBody = data ? (JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as unknown) : undefined
    const common = { status: code, responseBody, connectionId: awaited.connectionId }
    awaited.settle(code === 200 ? { ok: true, ...common } : { ok: false, error: 'nack', ...common })
  }

  private pong(connection: Connection, ping: Frame): void {
    connection.lastPingAt = Date.now()
    this.changes.notify()
    const fault = this.faults.take('pong', { appId: connection.appId })
    if (fault?.never) return
    const payload = fault?.withoutConfig ? undefined : Buffer.from(JSON.stringify(this.config))
    this.write(connection, { ...ping, method: METHOD_CONTROL, headers: headersOf({ type: 'pong' }), payload })
  }

  private write(connection: Connection, frame: Frame): void {
    if (!connection.halfOpen && connection.socket.readyState === WebSocket.OPEN)
      connection.socket.send(encodeFrame(frame))
  }

  private framesOf(messageId: string, payload: unknown, options: SendOptions): Frame[] {
    const bytes = Buffer.from(JSON.stringify(payload))
    const count = Math.min(Math.max(options.fragments ?? 1, 1), bytes.length)
    const cut = (index: number): number => Math.floor((index * bytes.length) / count)
    const traceId = randomUUID()
    const frames = Array.from({ length: count }, (_, index) => ({
      SeqID: ++this.sequence,
      LogID: Date.now(),
      service: SERVICE_ID,
      method: METHOD_DATA,
      headers: headersOf({
        type: options.frameType ?? 'event',
        message_id: messageId,
        sum: String(count),
        seq: String(index),
        trace_id: traceId,
        timestamp: String(Date.now())
      }),
      payload: bytes.subarray(cut(index), cut(index + 1))
    }))
    return options.shuffleFragments ? frames.reverse() : frames
  }

  private leaveUnanswered(socket: Duplex): void {
    this.unanswered.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.unanswered.delete(socket))
  }
}

function refuse(socket: Duplex, status: number, message: string, authErrorCode?: number): void {
  const lines = ['HTTP/1.1 403 Forbidden', `Handshake-Status: ${status}`, `Handshake-Msg: ${message}`]
  if (authErrorCode) lines.push(`Handshake-Autherrcode: ${authErrorCode}`)
  socket.on('error', () => socket.destroy())
  socket.end([...lines, 'Content-Length: 0', 'Connection: close', '', ''].join('\r\n'))
}
