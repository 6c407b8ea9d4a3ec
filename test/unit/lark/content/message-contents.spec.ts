import fc from 'fast-check'
import { Mention, readableText } from '../../../../src/lark'
import contents from '../../../fixtures/lark/message-contents.json'

const BOT = { openId: 'ou_bot', name: 'Bot', activateStatus: 2 }
const MENTIONS: Mention[] = [
  { key: '@_user_1', openId: 'ou_bot', name: 'Bot' },
  { key: '@_user_2', openId: 'ou_2', name: 'Ann' }
]

describe('the content of a message', () => {
  it.each(Object.entries(contents))('is read: %s', (_name, { messageType, content, text, resources }) => {
    const read = readableText({ messageType, content: JSON.stringify(content), mentions: MENTIONS }, BOT)

    expect(read.text).toBe(text)
    expect(read.resources.map(({ kind, key }) => `${kind} ${key}`)).toEqual(resources)
  })

  it.each([
    ['merge_forward', 'bundle'],
    ['interactive', 'card'],
    ['text', undefined],
    ['hologram', undefined]
  ])('says of %s whether Lark has more: %s', (messageType, original) => {
    expect(readableText({ messageType, content: '{}', mentions: [] }, null).original).toBe(original)
  })

  it.each(['', 'null', '[]', '"text"', '{', 'This message was recalled'])(
    'is a labelled placeholder where Lark sends no object: %s',
    (content) => {
      expect(readableText({ messageType: 'text', content, mentions: [] }, null)).toEqual({
        text: '[message of type text, which can not be read here]',
        resources: []
      })
    }
  )

  it('names at most fifty resources of one message', () => {
    const nodes = Array.from({ length: 80 }, (_, index) => ({ tag: 'img', image_key: `img_${index}` }))
    const content = JSON.stringify({ title: '', content: [nodes] })

    expect(readableText({ messageType: 'post', content, mentions: [] }, null).resources).toHaveLength(50)
  })

  it('ends with a card that nests without end, or that never ends', () => {
    let deep: object = { tag: 'markdown', content: 'inside' }
    for (let depth = 0; depth < 2_000; depth++) deep = { tag: 'column', elements: [deep] }
    const wide = Array.from({ length: 20_000 }, () => ({ tag: 'markdown', content: 'word' }))
    const read = (elements: unknown) =>
      readableText({ messageType: 'interactive', content: JSON.stringify({ elements }), mentions: [] }, null).text

    expect(read([deep])).toBe('[card]')
    expect(read(wide).length).toBeLessThan(5_000)
  })

  const types = [...new Set(Object.values(contents).map(({ messageType }) => messageType))]
  const words = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('@_user_1', '[x]', '```', '\u0000', '<at id=all>')
  )
  const key = fc.constantFrom(
    ...['title', 'text', 'content', 'elements', 'tag', 'image_key', 'file_key', 'file_name', 'summary', 'options'],
    ...[
      'template',
      'from_user',
      'topic',
      'start_time',
      'due_time',
      'style',
      'user_id',
      'body',
      'header',
      'columns',
      'rows'
    ]
  )
  const tag = fc.constantFrom(
    'text',
    'at',
    'a',
    'img',
    'media',
    'code_block',
    'md',
    'button',
    'table',
    'column',
    'markdown'
  )
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      words,
      tag,
      fc.anything({ maxDepth: 0 }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 })
    )
  }))
  const contentJson = fc.oneof(
    fc.string(),
    fc.json(),
    value.map((made) => JSON.stringify(made) ?? '')
  )

  it('never throws, and always gives a text that can be stored, whatever the content is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...types), fc.string()), contentJson, (messageType, content) => {
        const read = readableText({ messageType, content, mentions: MENTIONS }, BOT)
        expect(read.text.isWellFormed() && !read.text.includes('\u0000')).toBe(true)
        for (const { key: resourceKey, name } of read.resources) {
          expect(resourceKey).not.toBe('')
          expect(name ?? '').not.toMatch(/[[\]\r\n]/)
        }
      }),
      { numRuns: 2_000 }
    )
  })
})
