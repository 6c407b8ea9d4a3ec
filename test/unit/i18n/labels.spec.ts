import { label, LabelKey, LABELS, TEXTS } from '../../../src/i18n'

describe('Chinese labels', () => {
  it('have one word for a conversation of ours, and another one for a chat of Lark', () => {
    expect(label('sessions').zh_Hans).toBe('会话')
    expect(label('chatId').zh_Hans).toBe('聊天 ID')
    const said = [
      ...Object.values(LABELS).map(([, chinese]) => chinese),
      ...Object.values(TEXTS).map((text) => text['zh-Hans'])
    ]
    expect(said.filter((chinese) => /新的?对话|新建对话/.test(chinese))).toEqual([])
  })
})

describe.each(Object.keys(LABELS) as LabelKey[])('the label %s', (key) => {
  it('has words in both languages, and Chinese only in Chinese', () => {
    const { en_US, zh_Hans } = label(key)
    expect(en_US.trim()).not.toBe('')
    expect(zh_Hans.trim()).not.toBe('')
    expect(en_US).not.toMatch(/\p{Script=Han}/u)
  })
})
