import { Injectable } from '@nestjs/common'
import { Inbox } from '../inbox'
import {
  CARD_ACTION,
  CARD_ACTION_LIMIT_MS,
  CardAction,
  CardActionResponder,
  describeEvent,
  EventInvalidError,
  isHandledEventType,
  LarkEnvelope,
  parseCardAction,
  respondInTime
} from '../lark'
import { inboxKeyOf, IntegrationReader, LarkIntegration } from '../settings'
import { Clock, isUuid } from '../shared'
import { WebhookRejectedError } from './webhook-rejected-error'
import { checkRequest, WebhookRequest } from './webhook-request'

/** Lark's own bodies stay far below. */
const MAX_BODY_BYTES = 1024 * 1024

/**
 * One request from the door to its answer: id, integration, mode, check, decrypt, token, store, answer. No other query, no
 * HTTP call and no work before the row is stored.
 */
@Injectable()
export class WebhookIntake {
  constructor(
    private readonly integrations: IntegrationReader,
    private readonly inbox: Inbox,
    private readonly responder: CardActionResponder,
    private readonly clock: Clock
  ) {}

  /** The body of the 200 answer. Throws `WebhookRejectedError` for every other answer. */
  async take(integrationId: string, request: WebhookRequest): Promise<object> {
    const receivedAt = this.clock.now()
    if (request.bytes.length > MAX_BODY_BYTES)
      throw new WebhookRejectedError('too_large', 'The body is larger than 1 MiB')
    const integration = await this.integrationOf(integrationId)
    if (integration.settings.connectionMode !== 'webhook') {
      throw new WebhookRejectedError('wrong_mode', 'This integration receives its events over the long connection')
    }
    const checked = checkRequest(request, integration.settings, receivedAt)
    if (checked.kind === 'challenge') return { challenge: checked.challenge }
    return this.takeEvent(checked.envelope, integration, receivedAt)
  }

  private async takeEvent(envelope: LarkEnvelope, integration: LarkIntegration, receivedAt: Date): Promise<object> {
    if (!isHandledEventType(envelope.eventType)) return {}
    const click = envelope.eventType === CARD_ACTION ? this.clickOf(envelope) : undefined
    await this.store(envelope, integration)
    if (!click) return {}
    const spentMs = this.clock.now().getTime() - receivedAt.getTime()
    return respondInTime(this.responder, click, integration.id, CARD_ACTION_LIMIT_MS - spentMs)
  }

  private clickOf(envelope: LarkEnvelope): CardAction {
    try {
      return parseCardAction(envelope.raw)
    } catch (error) {
      if (!(error instanceof EventInvalidError)) throw error
      throw new WebhookRejectedError('malformed', error.message, error)
    }
  }

  private async integrationOf(id: string): Promise<LarkIntegration> {
    const unknown = new WebhookRejectedError('unknown_integration', 'There is no such Lark integration')
    if (!isUuid(id)) throw unknown
    const integration = await this.orUnavailable(() => this.integrations.find(id))
    if (!integration) throw unknown
    return integration
  }

  private async store(envelope: LarkEnvelope, integration: LarkIntegration): Promise<void> {
    await this.orUnavailable(() =>
      this.inbox.accept({
        ...describeEvent(envelope),
        inboxKey: inboxKeyOf(integration),
        tenantId: integration.tenantId,
        organizationId: integration.organizationId,
        integrationId: integration.id
      })
    )
  }

  /** 503, so that Lark delivers again. */
  private async orUnavailable<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      throw new WebhookRejectedError('unavailable', 'Try again later', error)
    }
  }
}
