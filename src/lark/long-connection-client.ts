import { EventDispatcher, WSClient } from '@larksuiteoapi/node-sdk'
import { Injectable } from '@nestjs/common'
import { PluginConfigReader } from '../cluster'
import { Log, messageOf } from '../shared'
import { LarkApp } from './lark-app'
import { EndpointHttp, EndpointLoss } from './long-connection-endpoint'
import { SDK_LOG_LEVEL, SdkLogger } from './sdk-logger'
import { tapWsClient } from './ws-client-internals'

/**
 * Why a connection ended or was never made:
 * - `endpoint`    Lark refused to name a socket; `code` says why
 * - `unreachable` no usable answer from the endpoint: network, HTTP status, empty data
 * - `handshake`   the socket was refused or not answered in time
 * - `closed`      an established socket ended, or nothing was heard on it any more
 * - `app_id`      the SDK takes no other app id than `cli_` and 16 hex digits
 */
export type ConnectionLoss = EndpointLoss | { kind: 'handshake' } | { kind: 'closed' } | { kind: 'app_id' }

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
export interface LongConnectionClient {
  /** Returns at once; `onReady` or `onLost` follows. */
  start(): void
  /** Idempotent; leaves no timer and no socket behind. Nothing is called any more afterwards. */
  close(): void
}

const HANDSHAKE_TIMEOUT_MS = 15_000

/**
 * Seconds between a ping and giving the socket up. Every ping arms it anew, so a value at or above the server's ping
 * interval never fires (lark-platform trap 19); the shortest one seen is 90 s.
 */
const PING_TIMEOUT_SECONDS = 10

/** Anything else makes the SDK's `start()` return in silence (lark-platform trap 15). */
export const isSocketAppId = (appId: string): boolean => /^cli_[0-9a-fA-F]{16}$/.test(appId)

/** Hands the envelope on as received: the SDK's own dispatcher lets event fields hide header fields (trap 23). */
class EnvelopeDispatcher extends EventDispatcher {
  constructor(
    private readonly handle: (envelope: unknown) => Promise<unknown>,
    logger: SdkLogger
  ) {
    super({ logger, loggerLevel: SDK_LOG_LEVEL })
  }

  override invoke(envelope: unknown): Promise<unknown> {
    return this.handle(envelope)
  }
}

class SdkLongConnectionClient implements LongConnectionClient {
  private readonly log = new Log('lark')
  private readonly ws: WSClient
  private readonly dispatcher: EnvelopeDispatcher
  private done = false

  constructor(
    private readonly app: LarkApp,
    baseUrl: string,
    private readonly listener: LongConnectionListener,
    logger: SdkLogger
  ) {
    this.dispatcher = new EnvelopeDispatcher((envelope) => listener.onEvent(envelope), logger)
    this.ws = new WSClient({
      appId: app.appId,
      appSecret: app.appSecret,
      domain: baseUrl,
      logger,
      loggerLevel: SDK_LOG_LEVEL,
      httpInstance: new EndpointHttp((loss) => this.lose(loss)),
      // With false a drop after the first connect is reported to nobody; the SDK's own retry never runs, see `lose`.
      autoReconnect: true,
      handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
      wsConfig: { pingTimeout: PING_TIMEOUT_SECONDS },
      onReady: () => this.tell(() => listener.onReady()),
      onReconnecting: () => this.lose({ kind: 'closed' }),
      onError: (error) => this.lose({ kind: 'unreachable', message: messageOf(error) })
    })
    tapWsClient(this.ws, {
      onFrame: () => this.tell(() => listener.onFrame()),
      onHandshakeFailed: () => this.lose({ kind: 'handshake' })
    })
  }

  start(): void {
    if (!isSocketAppId(this.app.appId)) {
      queueMicrotask(() => this.lose({ kind: 'app_id' }))
      return
    }
    this.ws.start({ eventDispatcher: this.dispatcher }).catch((error: unknown) => {
      this.lose({ kind: 'unreachable', message: messageOf(error) })
    })
  }

  close(): void {
    this.done = true
    this.ws.close({ force: true })
  }

  /**
   * Ends this client for good: with the server's defaults the SDK's own retry waits up to 30 s and then 120 s each time
   * (lark-platform 2.8). Closed a moment later, because the SDK arms that retry right after it has called back.
   */
  private lose(loss: ConnectionLoss): void {
    if (this.done) return
    this.tell(() => this.listener.onLost(loss))
    this.done = true
    queueMicrotask(() => this.ws.close({ force: true }))
  }

  /** A listener's fault must not reach the SDK's state machine. */
  private tell(call: () => void): void {
    if (this.done) return
    try {
      call()
    } catch (error) {
      this.log.error('a listener of the long connection failed', { app: this.app.appId }, error)
    }
  }
}

@Injectable()
export class LongConnectionClients {
  private readonly logger = new SdkLogger()

  constructor(private readonly config: PluginConfigReader) {}

  create(app: LarkApp, listener: LongConnectionListener): LongConnectionClient {
    return new SdkLongConnectionClient(app, this.config.read().endpoints[app.region], listener, this.logger)
  }
}
