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
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<CardResponse>((resolve) => {
    timer = setTimeout(() => resolve({}), Math.max(0, limitMs))
  })
  try {
    return await Promise.race([responder.respond(action, integrationId), limit])
  } catch {
    return {}
  } finally {
    clearTimeout(timer)
  }
}
