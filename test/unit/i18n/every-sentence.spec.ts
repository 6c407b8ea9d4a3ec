import { join } from 'node:path'
import { LABELS, languageFrom, knownLanguage, TEXTS } from '../../../src/i18n'
import { readSources, stringsOf } from '../../support/import-rules'

const HAN = /\p{Script=Han}/u

describe('the sentences that people read', () => {
  it('stand in src/i18n: there is no Chinese anywhere else', () => {
    const files = readSources(join(__dirname, '..', '..', '..'), 'src').filter(
      ({ path }) => !path.startsWith('src/i18n/')
    )
    expect(files.length).toBeGreaterThan(100)
    const chinese = files.flatMap((file) => stringsOf(file).filter((text) => HAN.test(text)))
    expect(chinese).toEqual([])
  })

  it('are not passed to an exception as they are', () => {
    const files = readSources(join(__dirname, '..', '..', '..'), 'src')
    const literal = files
      .filter(({ text }) =>
        /new (?:BadRequest|NotFound|Forbidden|Unauthorized|ServiceUnavailable)Exception\(\s*['"`]/.test(text)
      )
      .map(({ path }) => path)
    expect(literal).toEqual([])
  })

  it('are found under one key each', () => {
    expect(Object.keys(TEXTS).length).toBeGreaterThan(100)
    expect(Object.keys(LABELS).length).toBeGreaterThan(40)
  })
})

describe('the language of a sentence', () => {
  it.each<[(string | null | undefined)[], string]>([
    [['zh-Hans', 'en'], 'zh-Hans'],
    [[undefined, 'zh_CN'], 'zh-Hans'],
    [[null, '', 'fr', 'en-US'], 'en-US'],
    [['fr', 'ZH'], 'zh-Hans'],
    [['fr'], 'en-US'],
    [[], 'en-US']
  ])('of %j is %s', (names, language) => {
    expect(languageFrom(...names)).toBe(language)
  })

  it('is not made up for one that we do not speak', () => {
    expect(knownLanguage('ja-JP')).toBeUndefined()
  })
})
