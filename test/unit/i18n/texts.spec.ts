import { Language, say, TEXTS, TextKey } from '../../../src/i18n'

const LANGUAGES: Language[] = ['en-US', 'zh-Hans']
const KEYS = Object.keys(TEXTS) as TextKey[]
const parametersOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()

describe.each(KEYS)('the text %s', (key) => {
  it('is there in every language, and in no other', () => {
    expect(Object.keys(TEXTS[key]).sort()).toEqual(LANGUAGES)
    for (const language of LANGUAGES) expect(TEXTS[key][language].trim()).not.toBe('')
  })

  it('takes the same parameters in both', () => {
    expect(parametersOf(TEXTS[key]['zh-Hans'])).toEqual(parametersOf(TEXTS[key]['en-US']))
  })

  it('is Chinese in Chinese and not in English', () => {
    expect(TEXTS[key]['zh-Hans']).toMatch(/\p{Script=Han}/u)
    expect(TEXTS[key]['en-US']).not.toMatch(/\p{Script=Han}/u)
  })
})

describe('say', () => {
  it('puts parameters in, and nothing of them is read again', () => {
    expect(say('toolRunning', 'en-US', { tool: '{tool} $& $1' })).toBe('Using {tool} $& $1…')
  })

  it('leaves a parameter that is not given', () => {
    expect(say('toolRunning', 'zh-Hans')).toContain('{tool}')
  })
})
