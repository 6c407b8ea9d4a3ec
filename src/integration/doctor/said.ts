import { TextKey } from '../../i18n'
import { DoctorFacts, Finding, isKnown, isPassing, isRefused } from './doctor-facts'
import { reactionText } from './reaction-text'

/** `optional`: nothing is wrong, and something more is possible. */
export type Verdict = 'ok' | 'warn' | 'fail' | 'unknown' | 'optional'

/** What is said of one thing that was looked at; the parameters are values, or keys of texts. */
export type Said = [verdict: Verdict, cause: TextKey, parameters?: Record<string, string>]

/** Why Lark said nothing of it, in words: what was not asked lacks the app's token. */
export const notKnown = ({ credentials }: DoctorFacts, finding: Finding<unknown>): Said => {
  const unanswered = finding === 'not_asked' ? credentials : finding
  if (unanswered === 'not_asked' || isKnown(unanswered)) return ['unknown', 'doctorNotTold']
  const { refused, larkCode } = unanswered
  if (refused === 'credentials') return ['unknown', 'doctorCredentialsFirst']
  const number = larkCode === 0 ? '' : ` (${larkCode})`
  const cause = isPassing(unanswered) ? 'doctorNotKnown' : 'doctorNotAnswered'
  return ['unknown', cause, { reason: reactionText(refused), number }]
}

/** For what Lark only tells an app that may read about itself. */
export const notManaged = (facts: DoctorFacts, finding: Finding<unknown>): Said =>
  isRefused(finding, 'forbidden') ? ['unknown', 'doctorNeedsSelfManage'] : notKnown(facts, finding)
