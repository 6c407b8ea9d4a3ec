import { WORDS } from './words.js'

const REMEMBERED = 'playground-language'
const LANGUAGES = ['en', 'zh']

const asked = new URLSearchParams(window.location.search).get('lang')
const preferred = window.navigator.language.startsWith('zh') ? 'zh' : 'en'

/** `en` or `zh`; `?lang=` wins over what was chosen before, that over the browser's. */
export const language =
  LANGUAGES.find((one) => one === asked) ??
  LANGUAGES.find((one) => one === window.localStorage.getItem(REMEMBERED)) ??
  preferred

/** What the host reads of a request's `language` header. */
export const hostLanguage = language === 'zh' ? 'zh-Hans' : 'en-US'

document.documentElement.lang = hostLanguage

/** The page is drawn anew: no text is left in the other language. */
export function chooseLanguage(next) {
  window.localStorage.setItem(REMEMBERED, next)
  const url = new URL(window.location.href)
  url.searchParams.delete('lang')
  if (url.href === window.location.href) window.location.reload()
  else window.location.replace(url)
}

export function t(key, values = {}) {
  const text = WORDS[key]?.[LANGUAGES.indexOf(language)] ?? key
  return text.replace(/\{(\w+)\}/g, (_all, name) => String(values[name] ?? ''))
}

/** A label as schemas and manifests have it: a text, or one in each language. */
export function pick(label) {
  if (typeof label !== 'object' || label === null) return label === undefined || label === null ? '' : String(label)
  return (language === 'zh' ? label.zh_Hans : label.en_US) ?? label.en_US ?? label.zh_Hans ?? ''
}
