import { ButtonValue, CardActionName } from './answer-buttons'
import { ClickedTurn } from './clicked-turn.repository'
import { questionOf } from './question'
import { shownQuestion } from './question-markdown'
import { DEFAULT_TURN_OPTIONS } from './turn.entity'

/**
 * `not_open`: the card shows what is no longer so, or was decided already. `soon`: the question is on the card and being
 * stored.
 */
export type ClickDecision = 'do' | 'not_yours' | 'not_open' | 'soon'

const isDecision = (action: CardActionName): boolean => action === 'confirm' || action === 'reject'

const mayPress = (turn: ClickedTurn, action: CardActionName, openId: string): boolean => {
  const { approverOpenIds } = turn.options ?? DEFAULT_TURN_OPTIONS
  if (isDecision(action) && approverOpenIds.length > 0) return approverOpenIds.includes(openId)
  return turn.senderId === openId || approverOpenIds.includes(openId)
}

/** Nobody confirms what their card does not show: a card of an older version may offer it. */
const isShown = ({ operation }: ClickedTurn): boolean => shownQuestion(questionOf(operation ?? {}), 'en-US').isWhole

/** What a click on an answer's card means now. A card of a former attempt changes nothing. */
export const decideClick = (
  { action, attempt }: ButtonValue,
  turn: ClickedTurn | null,
  openId: string
): ClickDecision => {
  if (!turn || turn.attempt !== attempt) return 'not_open'
  if (!mayPress(turn, action, openId)) return 'not_yours'
  if (action === 'new') return 'do'
  if (action === 'again') return turn.canAskAgain ? 'do' : 'not_open'
  if (action === 'stop') return turn.state === 'running' ? 'do' : 'not_open'
  if (turn.state === 'running') return 'soon'
  if (turn.state !== 'approval') return 'not_open'
  return action === 'confirm' && !isShown(turn) ? 'not_open' : 'do'
}
