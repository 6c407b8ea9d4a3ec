import { isObject, textOf } from '../shared'
import { Language, say } from '../i18n'
import { CardButton } from '../reply'

const CARD_ACTIONS = ['stop', 'again', 'new', 'confirm', 'reject'] as const
export type CardActionName = (typeof CARD_ACTIONS)[number]

/** What a click brings back. `attempt`: the answer that the card showed then; a later one is not meant. */
export interface ButtonValue {
  action: CardActionName
  turnId: string
  attempt: string
}

const LOOKS = { stop: 'default', again: 'default', new: 'text', confirm: 'primary', reject: 'danger' } as const

const LABELS = {
  stop: 'buttonStop',
  again: 'buttonAgain',
  new: 'buttonNew',
  confirm: 'buttonConfirm',
  reject: 'buttonReject'
} as const

/** Marks our own buttons among those of other cards of the same app. */
const KIND = 'xpert_answer'

export const button = (
  action: CardActionName,
  turn: { id: string; attempt: string },
  language: Language
): CardButton => ({
  name: `answer_${action}`,
  text: say(LABELS[action], language),
  look: LOOKS[action],
  value: { kind: KIND, action, turn: turn.id, attempt: turn.attempt }
})

/** Undefined for the button of another card. */
export const buttonValueOf = (value: unknown): ButtonValue | undefined => {
  if (!isObject(value) || value['kind'] !== KIND) return undefined
  const action = CARD_ACTIONS.find((name) => name === value['action'])
  const turnId = textOf(value['turn'])
  const attempt = textOf(value['attempt'])
  return action && turnId && attempt ? { action, turnId, attempt } : undefined
}
