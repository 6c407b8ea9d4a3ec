import { Injectable } from '@nestjs/common'
import { Inbox } from '../inbox'
import {
  CARD_ACTION,
  CardAction,
  CardActionResponder,
  CardResponse,
  describeEvent,
  isHandledEventType,
  LarkEnvelope,
  parseCardAction,
  respondInTime
} from '../lark'
import { inScopeOf, LarkIntegration, LarkSettings } from '../settings'
import { Clock } from '../shared'
import { AddressedIntegration } from './addressed-integration'
import { isLargerThan } from './body-size'
import { WebhookActivity } from './webhook-activity'
import { WebhookRejectedError } from './webhook-rejected-error'
import { checkRequest, isFromApp, unlessMalformed, WebhookRequest } from './webhook-request'

/** Lark's own bodies stay far below. */
const MAX_BODY_BYTES = 1024 * 1024

/** What the sender declares spares a look; a body that came in chunks or compressed is measured before it is serialised. */
const isTooLarge = (request: WebhookRequest): boolean =>
  Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES ||
  isLargerThan(request.body, MAX_BODY_BYTES) ||
  request.bytes.length > MAX_BODY_BYTES

/** Whether a call at the wrong door is from Lark, for this app; what can not even be measured is not. */
const isProven = (request: WebhookRequest, settings: LarkSettings): boolean => {
  try {
    return !isTooLarge(request) && isFromApp(request, settings)
  } catch (error) {
    if (error instanceof WebhookRejectedError) return false
    throw error
  }
}

/**
 * One request from the door to its answer: integration, mode, size, check, decrypt, token, store, answer. No other query, no
 * HTTP call and no work before the row is stored.
 */
@Injectable()
export class WebhookIntake {
  constructor(
    private readonly addressed: AddressedIntegration,
    private readonly inbox: Inbox,
    private readonly responder: CardActionResponder,
    private readonly activity: WebhookActivity,
    private readonly clock: Clock
  ) {}

  /** The body of the 200 answer. Throws `WebhookRejectedError` for every other answer, once it is counted. */
  async take(integrationId: string, request: WebhookRequest): Promise<object> {
    const receivedAt = this.clock.now()
    const integration = await this.addressed.of(integrationId)
    try {
      return await this.takeFor(integration, request, receivedAt)
    } catch (error) {
      const { settings } = integration
      const isLarks = settings.connectionMode !== 'webhook' && isProven(request, settings)
      this.activity.refused(error, integration.id, { settings, isProven: isLarks })
      throw error
    }
  }

  private async takeFor(integration: LarkIntegration, request: WebhookRequest, receivedAt: Date): Promise<object> {
    if (integration.settings.connectionMode !== 'webhook') {
      throw new WebhookRejectedError('wrong_mode', 'This integration receives its events over the long connection')
    }
    if (isTooLarge(request)) throw new WebhookRejectedError('too_large', 'The body is larger than 1 MiB')
    const checked = checkRequest(request, integration.settings, receivedAt)
    this.activity.proven(integration.id, integration.settings, receivedAt)
    if (checked.kind === 'challenge') return { challenge: checked.challenge }
    return this.takeEvent(checked.envelope, integration, receivedAt)
  }

  private async takeEvent(envelope: LarkEnvelope, integration: LarkIntegration, receivedAt: Date): Promise<object> {
    if (!isHandledEventType(envelope.eventType)) {
      this.activity.unhandled(integration.id)
      return {}
    }
    const click = envelope.eventType === CARD_ACTION ? unlessMalformed(() => parseCardAction(envelope.raw)) : undefined
    // Before it is stored: from then on a worker may do it, and what the click finds would already be its own doing.
    const answer = click ? await this.respond(click, integration.id, receivedAt) : {}
    await this.store(envelope, integration)
    this.activity.accepted(integration.id)
    return answer
  }

  private respond(click: CardAction, integrationId: string, receivedAt: Date): Promise<CardResponse> {
    const spentMs = this.clock.now().getTime() - receivedAt.getTime()
    return respondInTime(this.responder, click, integrationId, spentMs)
  }

  /** A failed insert is 503, so that Lark delivers again. */
  private async store(envelope: LarkEnvelope, integration: LarkIntegration): Promise<void> {
    try {
      await this.inbox.accept(inScopeOf(integration, describeEvent(envelope)))
    } catch (error) {
      throw new WebhookRejectedError('unavailable', 'Try again later', error)
    }
  }
}
