import fc from 'fast-check'
import { answerParts } from '../../../src/reply/answer-parts'
import { noteText, renderCard, renderPost, renderText } from '../../../src/reply/card-renderer'
import { plain } from '../../../src/reply/part-content'

const MENTION = /<[\s/]*at\b/i

const textsIn = (content: unknown): string[] => {
  if (typeof content === 'string') return [content]
  return typeof content === 'object' && content !== null ? Object.values(content).flatMap(textsIn) : []
}

/** Every text of the messages that show this as an answer, as a question and as a note, in each of their forms. */
const shownTexts = (text: string): string[] =>
  answerParts(text).flatMap((markdown) => {
    const view = { markdown, approval: text, note: text }
    const views = [view, plain(view), { markdown: '', note: text }]
    return [...views.flatMap((each) => textsIn([renderCard(each), renderPost(each), renderText(each)])), noteText(view)]
  })

/** What a step may take away, and what is left to its right and left. */
const pieces = fc.constantFrom(
  ...[
    '<',
    '<',
    'at',
    'at id=all>',
    '/at>',
    '[',
    ']',
    '(',
    ')',
    '![',
    '[](',
    '](#)',
    '](img_abc)',
    '](mailto:',
    '![<](x)'
  ],
  ...[' ', '\n', '`', '```', '~~~\n', '\\', 'a', 'a|b\n-|-\n', '<at id=all></at>']
)

describe('a mention that a model was talked into', () => {
  it.each([
    'Hello <[](at id=all>)<[](/at>) all',
    '<[at id=all>](#)<[/at>](#)',
    '<[](mailto:at id=all>)<[](mailto:/at>)',
    '<[at id=all>](mailto:at id=all>)',
    '<![at id=all>](img_abc)<![/at>](img_abc)',
    '<[]([](at id=all>))',
    '![<](x)[](at id=all>)'
  ])('is in no form of a message: %s', (text) => {
    for (const shown of shownTexts(text)) expect(shown).not.toMatch(MENTION)
  })

  it('is in no part of a long answer, where a block of code is opened again', () => {
    const code = `\`\`\`<\nx\n${'at id=all>\n'.repeat(5_000)}`
    for (const part of answerParts(code)) expect(part).not.toMatch(MENTION)
  })

  it('is not made where a text is cut', () => {
    for (const shown of shownTexts(`${'x'.repeat(46)}<attention`)) expect(shown).not.toMatch(MENTION)
    const note = `${'x'.repeat(997)}<attention`
    expect(noteText({ markdown: '', note })).not.toMatch(MENTION)
  })

  it('is in no form of a message, whatever it is composed of', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (composed) => {
        for (const shown of shownTexts(composed.join(''))) expect(shown).not.toMatch(MENTION)
      }),
      { seed: 20_261_201, numRuns: 300 }
    )
  })
})
