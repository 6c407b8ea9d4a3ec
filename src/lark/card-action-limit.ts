import { inTime, Log } from '../shared'
import { CardAction, CardActionResponder, CardResponse } from './card-action-responder'

/** Lark shows the person an error after 3 s (200341); the rest is for storing the click, and for the way there. */
const LIMIT_MS = 2_000

const log = new Log('lark')

/**
 * The responder's answer, or an empty one (no change, no toast) when it fails or is not there 2 s after the click came, of which
 * `spentMs` have gone: the click is stored, the work is done from its row. Never throws.
 */
export const respondInTime = async (
  responder: CardActionResponder,
  action: CardAction,
  integrationId: string,
  spentMs: number
): Promise<CardResponse> => {
  try {
    const leftMs = Math.max(0, LIMIT_MS - spentMs)
    return await inTime(leftMs, 'the answer to a click', responder.respond(action, integrationId))
  } catch (error) {
    log.warn(
      'a click got no answer',
      { integration: integrationId, event: action.eventId, message: action.messageId },
      error
    )
    return {}
  }
}
