import fc from 'fast-check'
import { forwardedText, parseRestMessage, readableText } from '../../../../src/lark'

const OF_EVERY_OBJECT = ['constructor', '__proto__', 'toString', 'hasOwnProperty']

const named = (names: string): string[] => [...names.split(' '), ...OF_EVERY_OBJECT]

const TYPES = [
  ...named('text post image file folder audio media sticker interactive share_chat share_user merge_forward location'),
  ...named('system hongbao share_calendar_event video_chat todo vote zzz')
]

const KEYS = [
  ...named('tag text content content_v2 title style user_id user_name elements body header i18n_elements user_dsl'),
  ...named('columns rows name display_name behaviors default_url href alt image_key file_key file_name language'),
  ...named('emoji_type summary due_time start_time options template from_user topic latitude')
]

const WORDS = [
  ...named('text a at img media emotion hr code_block md markdown table button plain_text bold @_user_1 @_all {a}'),
  ...named('@_user_11111111 {constructor} ``` | 1e309 -1 1700000000000 9e99 http://x 😀'),
  ...['', ' ', '\u0000', '\ud800', 'a\u2028b', '<at id=all></at>', '<at mentions_key=@_user_1></at>']
]

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    { weight: 5, arbitrary: fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom(null, true, 0.5, 1e300, -0)) },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
    { weight: 3, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5 }) }
  )
}))

const word = fc.constantFrom(...WORDS)
const node = fc
  .tuple(fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 3 }), word, word, fc.array(word))
  .map(([more, tag, text, style]) => ({ ...more, tag, text, style }))
const nodes = fc.array(node, { minLength: 1, maxLength: 4 })

/** Anything, and what looks like a post or a card at first. */
const content = fc.oneof(
  value,
  nodes.map((line) => ({ content: [line] })),
  nodes.map((elements) => ({ body: { elements } }))
)

const mentions = [
  { key: '@_user_1', openId: 'ou_1', name: 'Ann' },
  { key: '__proto__', openId: '', name: '' }
]

describe('whatever somebody sends', () => {
  it('is text that can be stored', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), content, (messageType, sent) => {
        const { text, original } = readableText({ messageType, content: JSON.stringify(sent), mentions }, null)
        expect([text.includes('\u0000'), text.isWellFormed()]).toEqual([false, true])
        expect([undefined, 'bundle', 'card']).toContain(original)
      }),
      { seed: 20_261_201, numRuns: 3_000 }
    )
  })

  it('is text that can be stored in a forwarded bundle too', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), content, (type, sent) => {
        const raw = {
          message_id: 'm',
          upper_message_id: 'top',
          msg_type: type,
          body: { content: JSON.stringify(sent) }
        }
        expect(forwardedText('top', [parseRestMessage(raw)!], () => 'Ann')!.isWellFormed()).toBe(true)
      }),
      { seed: 20_261_201, numRuns: 500 }
    )
  })
})
