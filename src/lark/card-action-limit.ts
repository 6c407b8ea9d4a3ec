import { inTime } from '../shared'
import { CardAction, CardActionResponder, CardResponse } from './card-action-responder'

/** Lark shows the person an error after 3 s (200341); the rest is for storing the click, and for the way there. */
export const CARD_ACTION_LIMIT_MS = 2_000

/**
 * The responder's answer, or an empty one (no change, no toast) when it fails or takes longer than `limitMs`: the click is
 * stored, the work is done from its row. Never throws.
 */
export const respondInTime = async (
  responder: CardActionResponder,
  action: CardAction,
  integrationId: string,
  limitMs: number
): Promise<CardResponse> => {
  try {
    return await inTime(Math.max(0, limitMs), 'the answer to a click', responder.respond(action, integrationId))
  } catch {
    return {}
  }
}
