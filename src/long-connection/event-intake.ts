import { Injectable } from '@nestjs/common'
import { Inbox } from '../inbox'
import {
  CARD_ACTION,
  CardActionResponder,
  CardResponse,
  describeEvent,
  EventInvalidError,
  isHandledEventType,
  LarkEnvelope,
  parseCardAction,
  parseEnvelope,
  respondInTime
} from '../lark'
import { EventTarget, inScopeOf, LarkIntegration } from '../settings'
import { Clock, Log } from '../shared'

/** Stores one event of a socket; what comes back travels in the acknowledgement. */
@Injectable()
export class EventIntake {
  private readonly log = new Log('long-connection')

  constructor(
    private readonly inbox: Inbox,
    private readonly target: EventTarget,
    private readonly responder: CardActionResponder,
    private readonly clock: Clock
  ) {}

  /**
   * Resolves when the event may be acknowledged: stored, or nothing that a redelivery could mend. Rejects when it could not
   * be stored.
   */
  async take(raw: unknown, appId: string, candidates: readonly LarkIntegration[]): Promise<CardResponse | undefined> {
    const receivedAt = this.clock.now()
    const envelope = this.read(raw, appId)
    if (!envelope) return undefined
    const integration = this.target.pick(candidates)
    // Before it is stored: from then on a worker may do it, and what the click finds would already be its own doing.
    const answer =
      envelope.eventType === CARD_ACTION ? await this.respond(envelope, integration.id, receivedAt) : undefined
    await this.inbox.accept(inScopeOf(integration, describeEvent(envelope)))
    return answer
  }

  private read(raw: unknown, appId: string): LarkEnvelope | undefined {
    try {
      const envelope = parseEnvelope(raw)
      if (!isHandledEventType(envelope.eventType)) return undefined
      if (envelope.appId === appId) return envelope
      this.log.warn('an event of another app came over the long connection', { app: appId, event: envelope.eventId })
    } catch (error) {
      if (!(error instanceof EventInvalidError)) throw error
      this.log.warn('an event can not be read', { app: appId }, error)
    }
    return undefined
  }

  private async respond(envelope: LarkEnvelope, integrationId: string, receivedAt: Date): Promise<CardResponse> {
    try {
      const spentMs = this.clock.now().getTime() - receivedAt.getTime()
      const action = parseCardAction(envelope.raw)
      return await respondInTime(this.responder, action, integrationId, spentMs)
    } catch (error) {
      if (!(error instanceof EventInvalidError)) throw error
      this.log.warn('a click can not be read', { event: envelope.eventId }, error)
      return {}
    }
  }
}
