import { Language } from '../i18n'

/** How parts of an outcome are put together: Chinese has signs of its own. */
const SIGNS: Record<Language, { colon: string; open: string; close: string }> = {
  'en-US': { colon: ': ', open: ' (', close: ')' },
  'zh-Hans': { colon: '：', open: '（', close: '）' }
}

export const withColon = (before: string, after: string, language: Language): string =>
  `${before}${SIGNS[language].colon}${after}`

export const withBrackets = (text: string, inside: string, language: Language): string =>
  `${text}${SIGNS[language].open}${inside}${SIGNS[language].close}`
