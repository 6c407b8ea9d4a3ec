export type Language = 'en-US' | 'zh-Hans'

/** A language as the integration, the host or a person's account names it; undefined for one that we do not speak. */
export const knownLanguage = (name: string | null | undefined): Language | undefined => {
  const lower = name?.trim().toLowerCase() ?? ''
  if (lower.startsWith('zh')) return 'zh-Hans'
  return lower.startsWith('en') ? 'en-US' : undefined
}

/** The first of the names that is known; English where none is. */
export const languageFrom = (...names: (string | null | undefined)[]): Language =>
  names.map(knownLanguage).find((language) => language !== undefined) ?? 'en-US'
