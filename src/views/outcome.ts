import { Language, OUTCOME_STEPS, OUTCOME_TEXTS, OutcomeCode, say, TextKey } from '../i18n'
import { LarkFault } from '../lark'
import { faultText, withCause } from './delivery-cause'
import { withColon, withNext } from './punctuation'

const STATES: Record<string, TextKey> = {
  received: 'stateWaiting',
  claimed: 'stateWaiting',
  attached: 'stateAnswering',
  answered: 'stateAnswered',
  refused: 'stateRefused',
  failed: 'stateFailed',
  dropped: 'stateDropped'
}

const isKnown = (reason: string): reason is OutcomeCode => Object.hasOwn(OUTCOME_TEXTS, reason)

const reasonOf = ({ reason, fault }: Progress, language: Language): string | null => {
  if (reason === null || !isKnown(reason)) return reason
  const known = OUTCOME_TEXTS[reason][language]
  const why = fault ? withCause(reason, known, fault, language) : known
  const step = OUTCOME_STEPS[reason]
  return step ? withNext(why, step[language], language) : why
}

const TURN_WAITS: Record<string, TextKey> = {
  window: 'waitsForMore',
  waiting: 'waitsForItsTurn',
  approval: 'waitsForDecision'
}

/** What is known of a message and its turn. */
export interface Progress {
  state: string
  reason: string | null
  turnState?: string | null
  isPutOff?: boolean
  /** What Lark last said to its answer, where it does not take it. */
  fault?: LarkFault | null
}

/** What a message that has not ended waits for; undefined while somebody is at it. */
const waitOf = ({ state, turnState, isPutOff, fault }: Progress): TextKey | undefined => {
  if (state === 'received') return isPutOff ? 'waitsForRetry' : undefined
  if (state !== 'attached') return undefined
  return turnState === 'running' && fault ? 'waitsForLark' : TURN_WAITS[turnState ?? '']
}

/** What became of a message, in words; a code of a newer version is shown as it is. */
export const outcomeOf = (message: Progress, language: Language): string => {
  const { state, fault } = message
  const wait = waitOf(message)
  const key = wait ? 'stateWaiting' : STATES[state]
  const word = key ? say(key, language) : state
  const why = wait
    ? say(wait, language, fault ? { cause: faultText(fault, language) } : {})
    : reasonOf(message, language)
  return why === null ? word : withColon(word, why, language)
}

const seconds = (ms: number): string => `${ms < 9_950 ? (ms / 1_000).toFixed(1) : Math.round(ms / 1_000)} s`

const between = (from: Date | null, to: Date | null): string =>
  from && to ? seconds(Math.max(0, to.getTime() - from.getTime())) : '-'

/** How long until the Digital Expert was asked, and how long it then took; without a run, how long until the end. */
export const tookOf = (row: { receivedAt: Date; dispatchedAt: Date | null; endedAt: Date | null }): string =>
  `${between(row.receivedAt, row.dispatchedAt ?? row.endedAt)} / ${between(row.dispatchedAt, row.endedAt)}`
