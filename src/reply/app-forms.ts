import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { appKeyOf, LarkApis, LarkApp } from '../lark'
import { Clock, elapsedMs } from '../shared'
import { ReplyForm } from './reply-form'

/** Streaming cards need it; it is not among the scopes that the product page asks for. */
const CARDKIT_SCOPE = 'cardkit:card:write'

/** An app that gets the scope, or whose cards were refused, is tried again after this time. */
const REFUSED_MS = 60 * 60_000

const MAX_APPS = 1_000

/** The best form that an app's answers can take, as this process remembers it. */
@Injectable()
export class AppForms {
  /** On `elapsedMs`. */
  private readonly noEntitiesUntil = new LRUCache<string, number>({ max: MAX_APPS })
  private readonly now: () => number

  constructor(
    private readonly apis: LarkApis,
    clock: Clock
  ) {
    this.now = elapsedMs(clock)
  }

  async best(app: LarkApp): Promise<ReplyForm> {
    if ((this.noEntitiesUntil.get(appKeyOf(app)) ?? 0) > this.now()) return 'card'
    const scopes = await this.apis.scopesOf(app)
    return scopes === null || scopes.has(CARDKIT_SCOPE) ? 'entity' : 'card'
  }

  /** Lark gives this app no card entities; what it refuses of one card is no reason. */
  refuseEntities(app: LarkApp): void {
    this.noEntitiesUntil.set(appKeyOf(app), this.now() + REFUSED_MS)
  }
}
