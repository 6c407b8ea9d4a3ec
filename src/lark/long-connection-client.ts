import { Injectable } from '@nestjs/common'
import { LarkApp } from './lark-app'

/**
 * Why a connection ended or was never made:
 * - `endpoint`    Lark refused to name a socket; `code` says why
 * - `unreachable` no usable answer from the endpoint: network, HTTP status, empty data
 * - `handshake`   the socket was refused or not answered in time
 * - `closed`      an established socket ended, or nothing was heard on it any more
 * - `app_id`      the SDK takes no other app id than `cli_` and 16 hex digits
 */
export type ConnectionLoss =
  | { kind: 'endpoint'; code: number; message: string }
  | { kind: 'unreachable'; message: string }
  | { kind: 'handshake' }
  | { kind: 'closed' }
  | { kind: 'app_id' }

export interface LongConnectionListener {
  onReady(): void
  /** Exactly once, unless `close()` came first; the client is then closed and done. */
  onLost(loss: ConnectionLoss): void
  /** Any frame of the server, pongs included. */
  onFrame(): void
  /**
   * One event, the envelope as received. What it resolves to travels back in the acknowledgement (a card's response); a
   * rejection is acknowledged as a failure, so that Lark delivers again.
   */
  onEvent(envelope: unknown): Promise<unknown>
}

/** One socket from start to its end; it is never restarted. Who wants another one makes another one. */
export abstract class LongConnectionClient {
  abstract start(): void
  abstract close(): void
}

@Injectable()
export class LongConnectionClients {
  create(_app: LarkApp, _listener: LongConnectionListener): LongConnectionClient {
    throw new Error('not wired yet')
  }
}
