import { Language, say, TextKey } from '../i18n'
import { LossReason, reasonOf } from './reconnect-policy'

const LOSSES: Record<LossReason, TextKey> = {
  credentials: 'lossCredentials',
  forbidden: 'lossForbidden',
  connectionLimit: 'lossConnectionLimit',
  wrongRegion: 'lossWrongRegion',
  appId: 'lossAppId',
  handshake: 'lossHandshake',
  closed: 'lossClosed',
  unreachable: 'lossUnreachable',
  other: 'lossOther'
}

/** The sentence of a stored error's code. */
export const lossText = (code: string): TextKey => LOSSES[reasonOf(code)]

/** A number of Lark's, to be put behind a sentence that does not name it. */
export const lossNumber = (code: string): string =>
  /^\d+$/.test(code) && reasonOf(code) !== 'other' ? ` (${code})` : ''

/** One stored error, in words; a number of Lark's stands behind it. */
export const lossSentence = (code: string, language: Language): string =>
  `${say(lossText(code), language, { code })}${lossNumber(code)}`
