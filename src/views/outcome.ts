import { Language, OUTCOME_TEXTS, OutcomeCode, say, TextKey } from '../i18n'

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

/** What became of a message, in words; a code of a newer version is shown as it is. */
export const outcomeOf = (state: string, reason: string | null, language: Language): string => {
  const key = STATES[state]
  const word = key ? say(key, language) : state
  if (reason === null) return word
  const why = isKnown(reason) ? OUTCOME_TEXTS[reason][language] : reason
  return language === 'zh-Hans' ? `${word}：${why}` : `${word}: ${why}`
}

const seconds = (ms: number): string => `${ms < 9_950 ? (ms / 1_000).toFixed(1) : Math.round(ms / 1_000)} s`

const between = (from: Date | null, to: Date | null): string =>
  from && to ? seconds(Math.max(0, to.getTime() - from.getTime())) : '-'

/** How long until the Digital Expert was asked, and how long it then took; without a run, how long until the end. */
export const tookOf = (row: { receivedAt: Date; dispatchedAt: Date | null; endedAt: Date | null }): string =>
  `${between(row.receivedAt, row.dispatchedAt ?? row.endedAt)} / ${between(row.dispatchedAt, row.endedAt)}`
