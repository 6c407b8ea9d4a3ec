import { objectOf } from '../../shared'
import { CardAction } from '../card-action-responder'
import { EventInvalidError } from './envelope'
import { CARD_ACTION } from './handled-event-types'
import { envelopeOf, required } from './message-event'

/**
 * Parses a whole `card.action.trigger` envelope, stored or fresh. A value that is no object (a card that is not ours)
 * becomes an empty one. Throws `EventInvalidError`.
 */
export const parseCardAction = (payload: unknown): CardAction => {
  const { eventType, eventId, appId, event } = envelopeOf(payload)
  if (eventType !== CARD_ACTION) throw new EventInvalidError('event_type')
  const context = objectOf(event['context'])
  return {
    eventId,
    appId,
    messageId: required(context['open_message_id']),
    chatId: required(context['open_chat_id']),
    operatorOpenId: required(objectOf(event['operator'])['open_id']),
    value: objectOf(objectOf(event['action'])['value'])
  }
}
