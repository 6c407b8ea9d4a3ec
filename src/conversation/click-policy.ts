import { ButtonValue, CardActionName } from './answer-buttons'
import { ClickPermission } from './click-permissions'
import { ClickedTurn } from './clicked-turn.repository'
import { approvalRequestOf } from './approval-request'
import { shownApproval } from './approval-markdown'
import { DEFAULT_TURN_OPTIONS } from './turn.entity'

/**
 * `not_open`: the card shows what is no longer so, or was decided already. `soon`: the request is on the card and being
 * stored. `not_available`: its Digital Expert does not answer here any more; `not_allowed`: nor this person.
 */
export type ClickDecision =
  | 'do'
  | 'not_yours'
  | 'approvers_only'
  | 'not_open'
  | 'soon'
  | 'not_allowed'
  | { unavailable: NonNullable<ClickPermission['unavailable']> }

const isDecision = (action: CardActionName): boolean => action === 'confirm' || action === 'reject'

/** Lets a run go on: what was allowed when it was asked is not enough. */
export const asksToday = (action: CardActionName): boolean => action === 'again' || isDecision(action)

/** Where there are approvers nobody else confirms; who asked may still take it back. */
const mayPress = (
  turn: ClickedTurn,
  action: CardActionName,
  openId: string,
  approverOpenIds: readonly string[]
): boolean => {
  if (action === 'confirm' && approverOpenIds.length > 0) return approverOpenIds.includes(openId)
  return turn.senderId === openId || approverOpenIds.includes(openId)
}

/** Nobody confirms what their card does not show, or decides what the run does not take: an older card may offer it. */
const isOffered = (action: CardActionName, { operation }: ClickedTurn): boolean => {
  const request = approvalRequestOf(operation ?? {})
  if (action === 'reject') return request.mayReject
  return request.mayConfirm && shownApproval(request, 'en-US').isWhole
}

/** Who approves needs no leave to ask. */
const isAllowed = (action: CardActionName, openId: string, { mayAsk, approverOpenIds }: ClickPermission): boolean =>
  mayAsk || (isDecision(action) && approverOpenIds.includes(openId))

const decideOpen = (action: CardActionName, turn: ClickedTurn): ClickDecision => {
  if (action === 'new') return 'do'
  if (action === 'again') return turn.canAskAgain ? 'do' : 'not_open'
  if (action === 'stop') return turn.state === 'running' ? 'do' : 'not_open'
  if (turn.state === 'running') return 'soon'
  if (turn.state !== 'approval') return 'not_open'
  return isOffered(action, turn) ? 'do' : 'not_open'
}

/**
 * What a click on an answer's card means now. A card of a former attempt changes nothing.
 * @param today of what `asksToday`
 */
export const decideClick = (
  { action, attempt }: ButtonValue,
  turn: ClickedTurn | null,
  openId: string,
  today: ClickPermission | null
): ClickDecision => {
  if (!turn || turn.attempt !== attempt) return 'not_open'
  if (today?.unavailable) return { unavailable: today.unavailable }
  const { approverOpenIds } = today ?? turn.options ?? DEFAULT_TURN_OPTIONS
  if (!mayPress(turn, action, openId, approverOpenIds))
    return action === 'confirm' && approverOpenIds.length > 0 ? 'approvers_only' : 'not_yours'
  if (today && !isAllowed(action, openId, today)) return 'not_allowed'
  return decideOpen(action, turn)
}
