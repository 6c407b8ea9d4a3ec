import { BotIdentity, Mention, MessageEvent, parseMessageEvent, readableText } from '../../../../src/lark'
import { larkFixture } from '../../../support/lark-fixture'

const BOT: BotIdentity = { openId: 'ou_bot', name: 'Bot', activateStatus: 2 }
const mention = (number: number, name: string, openId = `ou_${number}`): Mention => ({
  key: `@_user_${number}`,
  openId,
  name
})
const message = (patch: Partial<MessageEvent>): MessageEvent => ({
  ...parseMessageEvent(larkFixture('message-direct-text')),
  ...patch
})
const text = (words: string, mentions: Mention[] = [], bot: BotIdentity | null = BOT) =>
  readableText(message({ content: JSON.stringify({ text: words }), mentions }), bot)

describe('readable text', () => {
  it('leaves the mention of the bot out', () => {
    expect(readableText(parseMessageEvent(larkFixture('message-group-mention')), BOT)).toEqual({
      text: 'hello',
      resources: []
    })
    expect(text('so @_user_1 what', [mention(1, 'Bot', 'ou_bot')]).text).toBe('so what')
    expect(text('hello @_user_1', [mention(1, 'Bot', 'ou_bot')]).text).toBe('hello')
  })

  it('names everybody else', () => {
    expect(text('ask @_user_2 or @_user_3', [mention(2, 'Ann'), mention(3, 'Bob')]).text).toBe('ask @Ann or @Bob')
  })

  it('names the bot as long as nobody knows who the bot is', () => {
    expect(text('@_user_1 hello', [mention(1, 'Bot', 'ou_bot')], null).text).toBe('@Bot hello')
  })

  it('tells the eleventh mention from the first', () => {
    const many = Array.from({ length: 11 }, (_, index) => mention(index + 1, `N${index + 1}`))
    expect(text('@_user_1 @_user_11', many).text).toBe('@N1 @N11')
    expect(text('@_user_12', [mention(1, 'Ann')]).text).toBe('@Ann2')
  })

  it('looks for no mention in digits that no message has', () => {
    const digits = '1'.repeat(16_000)
    const began = process.cpuUsage()
    const words = text(`@_user_${digits} @_user_2${digits} `.repeat(5), [mention(1, 'Ann')]).text
    expect(words).toBe(`@Ann${digits.slice(1)} @_user_2${digits} `.repeat(5).trimEnd())
    expect(process.cpuUsage(began).user).toBeLessThan(1_000_000)
  })

  it('keeps what only looks like a mention', () => {
    expect(text('the variable @_user_7').text).toBe('the variable @_user_7')
  })

  it('does not take a name for a pattern or for another mention', () => {
    expect(text('@_user_1 @_user_2', [mention(1, '$& @_user_2'), mention(2, 'Bob')]).text).toBe('@$& @_user_2 @Bob')
  })

  it('reads @all', () => {
    expect(text('@_all lunch').text).toBe('@all lunch')
  })

  it('keeps lines and blanks inside a text', () => {
    expect(text('  one\n\n  two   three  ').text).toBe('one\n\n  two   three')
  })

  it.each<[string, string, unknown]>([
    ['a style', 'post', { content: [[{ tag: 'text', text: 'hi', style: ['constructor', '__proto__', 'toString'] }]] }],
    ['a type', 'constructor', { text: 'hi' }],
    ['a type that is a field of everything', '__proto__', { text: 'hi' }]
  ])('knows no more than Lark’s words: %s', (_what, messageType, content) => {
    const { text: words, original } = readableText(message({ messageType, content: JSON.stringify(content) }), BOT)
    expect(words.split('\n').at(-1)).toBe('hi')
    expect(original).toBeUndefined()
  })

  it('reads code with as many backticks as a message can have', () => {
    const content = { content: [[{ tag: 'code_block', text: '`a'.repeat(500_000) }]] }
    const { text: words } = readableText(message({ messageType: 'post', content: JSON.stringify(content) }), BOT)
    expect(words.slice(0, 6)).toBe('```\n`a')
  })

  it('reads a table whose cell is nested deeper than anybody can write it out', () => {
    const cell = '['.repeat(20_000) + ']'.repeat(20_000)
    const table = `{"tag":"table","columns":[{"name":"a"},{"name":"b"}],"rows":[{"a":${cell},"b":{"c":1}}]}`
    const content = `{"body":{"elements":[${table}]}}`
    const { text: words } = readableText(message({ messageType: 'interactive', content }), BOT)
    expect(words.split('\n').at(-1)).toBe('| … | {"c":1} |')
  })

  it('reads a post', () => {
    const { text: words } = readableText(parseMessageEvent(larkFixture('message-post')), BOT)
    expect(words.split('\n')).toEqual([
      '**Plan**',
      'see [the page](https://example.com/a)',
      '[image: image-a6f5]',
      '---',
      '```python',
      'print(1)',
      '```',
      '[SMILE] cc @Ann'
    ])
  })
})
