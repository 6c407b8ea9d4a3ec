import { label, LabelKey, LABELS } from '../../../src/i18n'

describe.each(Object.keys(LABELS) as LabelKey[])('the label %s', (key) => {
  it('has words in both languages, and Chinese only in Chinese', () => {
    const { en_US, zh_Hans } = label(key)
    expect(en_US.trim()).not.toBe('')
    expect(zh_Hans.trim()).not.toBe('')
    expect(en_US).not.toMatch(/\p{Script=Han}/u)
  })
})
