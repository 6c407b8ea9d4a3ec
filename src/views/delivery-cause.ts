import { Language, say, TextKey } from '../i18n'
import { LarkFault, LarkReaction } from '../lark'
import { withBrackets, withColon } from './punctuation'

/** What Lark forbids, by its number, where more can be said than that. */
const FORBIDDEN: Partial<Record<number, TextKey>> = {
  99991672: 'noSendPermission',
  230027: 'noSendPermission',
  230013: 'outsideAvailability',
  231022: 'outsideAvailability',
  230002: 'botNotInGroup',
  230006: 'botAbilityOff',
  232025: 'botAbilityOff',
  230018: 'chatForbidsBot',
  230035: 'chatForbidsBot',
  230053: 'botStopped',
  232034: 'appDisabled',
  230038: 'otherTenant',
  230036: 'chatEncrypted',
  230073: 'chatEncrypted',
  230074: 'chatEncrypted',
  230075: 'chatEncrypted',
  99991401: 'addressNotAllowed'
}

const BY_REACTION: Partial<Record<LarkReaction, TextKey>> = {
  forbidden: 'forbiddenByLark',
  credentials: 'credentialsRefused',
  token: 'tokenRefused',
  target_gone: 'targetGone',
  topic_gone: 'targetGone',
  too_long: 'answerTooLong',
  step_down: 'formRefused',
  no_topics: 'formRefused',
  sequence: 'formRefused',
  stream_closed: 'formRefused',
  invalid_request: 'requestRefused'
}

/** Lark's number; where its servers fail the status of HTTP, without an answer that. */
export const faultText = ({ larkCode, httpStatus }: LarkFault, language: Language): string => {
  if (httpStatus === undefined) return larkCode > 0 ? String(larkCode) : say('larkSilent', language)
  return String(larkCode > 0 && httpStatus < 500 ? larkCode : httpStatus)
}

const REFUSED = 'delivery_failed'

/** Of what is said about an answer, these are about Lark's word. */
const UNDELIVERED: ReadonlySet<string> = new Set([REFUSED, 'delivery_unknown', 'content_refused', 'quota_exhausted'])

/** Why an answer was not delivered, with Lark's word for it: in words, where the reason alone does not say enough. */
export const withCause = (reason: string, why: string, fault: LarkFault, language: Language): string => {
  if (!UNDELIVERED.has(reason)) return why
  const cause = faultText(fault, language)
  const key = (fault.reaction === 'forbidden' && FORBIDDEN[fault.larkCode]) || BY_REACTION[fault.reaction]
  return reason === REFUSED && key
    ? withColon(why, say(key, language, { cause }), language)
    : withBrackets(why, cause, language)
}
