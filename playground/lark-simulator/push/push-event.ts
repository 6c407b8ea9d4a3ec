import { newEventId } from '../state/ids'
import type { App } from '../state/model'

export interface PushEvent {
  eventId: string
  eventType: string
  envelope: Record<string, unknown>
  messageId?: string
}

interface EnvelopeInput {
  app: App
  tenantKey: string
  eventType: string
  event: unknown
  messageId?: string
  eventId?: string
}

/** Envelope of all modern events. IM events carry milliseconds, card callbacks microseconds in create_time. */
export function createEvent(input: EnvelopeInput): PushEvent {
  const eventId = input.eventId ?? newEventId()
  const createTime = input.eventType === 'card.action.trigger' ? `${Date.now()}000` : String(Date.now())
  const header = {
    event_id: eventId,
    event_type: input.eventType,
    create_time: createTime,
    token: input.app.verificationToken,
    app_id: input.app.appId,
    tenant_key: input.tenantKey
  }
  return {
    eventId,
    eventType: input.eventType,
    messageId: input.messageId,
    envelope: { schema: '2.0', header, event: input.event }
  }
}

/** Envelope of the old events (p2p_chat_create, ...). */
export function createLegacyEvent(input: EnvelopeInput): PushEvent {
  const eventId = input.eventId ?? newEventId()
  const event = {
    type: input.eventType,
    app_id: input.app.appId,
    tenant_key: input.tenantKey,
    ...(input.event as object)
  }
  const envelope = {
    ts: (Date.now() / 1000).toFixed(7),
    uuid: eventId,
    token: input.app.verificationToken,
    type: 'event_callback',
    event
  }
  return { eventId, eventType: input.eventType, messageId: input.messageId, envelope }
}
