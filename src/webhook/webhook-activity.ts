import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { InstanceRegistry } from '../cluster'
import { LarkSettings } from '../settings'
import { Clock, LimitedLog, Log } from '../shared'
import { doorOf } from './door'
import { addFigures, noFigures, parseFigures, refusalToShow, WebhookFigures } from './webhook-figures'
import { WebhookRejectedError } from './webhook-rejected-error'

/** The part of every instance's figures under which it reports its callbacks, by integration. */
export const WEBHOOK_PART = 'webhook'
const MAX_INTEGRATIONS = 500

/** Anybody can send these, and they say nothing of the settings. */
const ONLY_COUNTED = new Set(['malformed', 'too_large'])

/**
 * Counts this process's callbacks per integration, in memory; the heartbeat carries the figures to the other processes.
 * Strangers decide how often a request is refused, so neither the figures nor the log grow with it.
 */
@Injectable()
export class WebhookActivity {
  private readonly figures = new LRUCache<string, WebhookFigures>({ max: MAX_INTEGRATIONS })
  private readonly log: LimitedLog

  constructor(
    private readonly instances: InstanceRegistry,
    private readonly clock: Clock
  ) {
    this.log = new LimitedLog(new Log('webhook'), clock)
    instances.report(WEBHOOK_PART, () => Object.fromEntries(this.figures.entries()))
  }

  accepted(integrationId: string): void {
    const own = this.own(integrationId)
    own.accepted += 1
    own.lastAcceptedAt = this.clock.now()
  }

  /** A request that was surely Lark's, for these settings. */
  proven(integrationId: string, settings: LarkSettings, at: Date): void {
    this.own(integrationId).lastProven = { at, door: doorOf(settings) }
  }

  unhandled(integrationId: string): void {
    this.own(integrationId).unhandled += 1
  }

  /** `integrationId` only of one that exists: ids that strangers make up share one line in the log. */
  refused(error: unknown, integrationId?: string, by?: { settings: LarkSettings; isProven: boolean }): void {
    const isRejection = error instanceof WebhookRejectedError
    const code = isRejection ? error.code : 'internal'
    const key = `${integrationId ?? '-'} ${code}`
    const cause = isRejection ? error.cause : error
    this.log.warn(key, 'a callback was refused', { integration: integrationId, reason: code }, cause)
    if (integrationId === undefined) return
    const own = this.own(integrationId)
    own.rejected += 1
    if (ONLY_COUNTED.has(code)) return
    const door = by && doorOf(by.settings)
    const refusal = { code, at: this.clock.now(), door, isProven: by?.isProven ?? false }
    own.lastRejection = refusalToShow(own.lastRejection, refusal)
  }

  /** Over all living processes; the share of the others is as old as their last heartbeat. */
  async of(integrationId: string): Promise<WebhookFigures> {
    const others = await this.instances.othersOn(WEBHOOK_PART, integrationId)
    return others.map(parseFigures).reduce(addFigures, this.figures.get(integrationId) ?? noFigures())
  }

  private own(integrationId: string): WebhookFigures {
    const own = this.figures.get(integrationId) ?? noFigures()
    this.figures.set(integrationId, own)
    return own
  }
}
