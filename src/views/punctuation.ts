import { Language } from '../i18n'

/** How parts of an outcome are put together: Chinese has signs of its own. */
const SIGNS: Record<Language, { colon: string; open: string; close: string; stop: string }> = {
  'en-US': { colon: ': ', open: ' (', close: ')', stop: '. ' },
  'zh-Hans': { colon: '：', open: '（', close: '）', stop: '。' }
}

export const withColon = (before: string, after: string, language: Language): string =>
  `${before}${SIGNS[language].colon}${after}`

export const withBrackets = (text: string, inside: string, language: Language): string =>
  `${text}${SIGNS[language].open}${inside}${SIGNS[language].close}`

export const withNext = (text: string, sentence: string, language: Language): string =>
  `${text}${SIGNS[language].stop}${sentence}`
