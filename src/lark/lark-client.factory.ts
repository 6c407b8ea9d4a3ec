import { Client } from '@larksuiteoapi/node-sdk'
import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { createHash } from 'node:crypto'
import { PluginConfigReader } from '../cluster'
import { appKeyOf, LarkApp } from './lark-app'
import { LarkHttp } from './lark-http'
import { SDK_LOG_LEVEL, SdkLogger } from './sdk-logger'
import { TokenCache } from './token-cache'

/** One SDK client with what belongs to it alone. */
export interface LarkClient {
  /** Changes with the app, its secret and the base URL. */
  key: string
  sdk: Client
  http: LarkHttp
  tokens: TokenCache
  baseUrl: string
}

/** A dropped client costs one token request. */
const MAX_CLIENTS = 200
/** A client holds its app's secret: on other instances than the one that was told of a removal it goes by itself. */
const UNUSED_MS = 60 * 60_000

@Injectable()
export class LarkClientFactory {
  private readonly clients = new LRUCache<string, LarkClient>({
    max: MAX_CLIENTS,
    ttl: UNUSED_MS,
    updateAgeOnGet: true
  })
  private readonly logger = new SdkLogger()

  constructor(private readonly config: PluginConfigReader) {}

  clientFor(app: LarkApp): LarkClient {
    const baseUrl = this.config.read().endpoints[app.region]
    const secret = createHash('sha256').update(app.appSecret).digest('hex')
    const key = [appKeyOf(app), secret, baseUrl].join(' ')
    const known = this.clients.get(key)
    if (known) return known
    const created = this.create(app, baseUrl, key)
    this.clients.set(key, created)
    return created
  }

  /** Drops every client of an app, with its secret and tokens: its integration was changed or removed. */
  forget(app: Pick<LarkApp, 'appId' | 'region'>): void {
    for (const key of [...this.clients.keys()]) if (key.startsWith(`${appKeyOf(app)} `)) this.clients.delete(key)
    this.clients.purgeStale()
  }

  private create(app: LarkApp, baseUrl: string, key: string): LarkClient {
    const http = new LarkHttp()
    const tokens = new TokenCache()
    const sdk = new Client({
      appId: app.appId,
      appSecret: app.appSecret,
      domain: baseUrl,
      cache: tokens,
      httpInstance: http,
      logger: this.logger,
      loggerLevel: SDK_LOG_LEVEL
    })
    return { key, sdk, http, tokens, baseUrl }
  }
}
