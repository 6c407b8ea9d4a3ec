import fc from 'fast-check'
import { checkCard } from '../../../playground/lark-simulator/cards/validate-card'
import { answerParts, MAX_APPROVAL_BYTES, partsWith } from '../../../src/reply/answer-parts'
import { cardMarkdown, TABLES_PER_CARD, withoutImages } from '../../../src/reply/card-markdown'
import { renderCard, renderPost } from '../../../src/reply/card-renderer'

/** The simulated Lark's own check; every uploaded image exists, no person does. */
const problemOf = (card: Record<string, unknown>) =>
  checkCard(card, { hasImage: (key) => key.startsWith('img_'), hasPerson: () => false })

const bodyBytes = (content: Record<string, unknown>): number =>
  Buffer.byteLength(JSON.stringify({ msg_type: 'interactive', content: JSON.stringify(content), uuid: 'x'.repeat(50) }))

const LIMIT = 30 * 1024

const TABLE = '| a | b |\n|---|---|\n| 1 | 2 |'

const pieces = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom(
    TABLE,
    'a|b\n-|-\n1|2',
    '```ts\nconst a = 1\n```',
    '```',
    '~~~',
    '````\n```\n````',
    '![x](https://example.com/a.png)',
    '![](https://example.com/a.png)',
    '![x](img_v3_abc)',
    '![a\nb](http://c)',
    '![',
    '`![x](http://a)`',
    '!',
    '!![a](http://c)',
    '![a `b` c](http://d)',
    '[`a.md`](docs/a.md)',
    '![x](<http://a b>)',
    '![x](<http://a b>)',
    '\\`',
    '[a](file:///a.txt)',
    '[b [c]](data:x "t")',
    '[d](<ftp://x (y)>)',
    '`h[i](e)`',
    '[',
    '](x)',
    '<at id=all></at>',
    '<AT user_id="all">',
    '| --- |',
    '"'.repeat(3_000),
    '\\'.repeat(3_000),
    'ü'.repeat(9_000),
    '\u0001'.repeat(2_000),
    `${'x'.repeat(300)}\n`.repeat(60),
    `${TABLE}\n\n`.repeat(40)
  )
)
const markdown = fc
  .array(fc.tuple(pieces, fc.constantFrom('\n', '\n\n', ' ', '')), { maxLength: 30 })
  .map((parts) => parts.flat().join('').replaceAll('\u0000', ''))

describe('answerParts', () => {
  it('gives cards that Lark takes where a block of code is cut behind lines that look like its ends', () => {
    const parts = answerParts(
      `${'w'.repeat(12_000)}\n\`\`\`\`\n\`\`\`\n\`\`\`\`${'ü'.repeat(9_000)}\n![x](<http://a b>)\n`
    )
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.map((markdown) => problemOf(renderCard({ markdown })))).toEqual(parts.map(() => undefined))
  })

  it('gives cards that Lark takes, whatever the model wrote', () => {
    fc.assert(
      fc.property(markdown, fc.string({ maxLength: 3_000 }), (text, note) => {
        for (const part of answerParts(text)) {
          const button = { name: 'answer_new', text: 'New', look: 'text' as const, value: { turn: 'x'.repeat(36) } }
          const view = { markdown: part, note, approval: note, buttons: [button, { ...button, name: 'answer_stop' }] }
          for (const streams of [false, true]) {
            const card = renderCard(view, streams)
            expect(problemOf(card)).toBeUndefined()
            expect(bodyBytes(card)).toBeLessThan(LIMIT)
          }
          expect(bodyBytes(renderPost(view))).toBeLessThan(LIMIT)
        }
      }),
      { numRuns: 300 }
    )
  })

  it.each(['[a](', '![a](', '![', '![](x ', '<at ', ' ', '|-', '| - ', 'a|b\n-|-\n', '\n', '`'])(
    'takes a text of any length: %j, again and again',
    (piece) => {
      const parts = answerParts(piece.repeat(100_000 / piece.length))
      expect(Math.max(...parts.map((part) => bodyBytes(renderCard({ markdown: part }, false))))).toBeLessThan(LIMIT)
    }
  )

  it('leaves an ordinary answer alone', () => {
    const text = `# Title\n\nSome **words**, a [link](https://example.com), ![pic](img_v3_abc).\n\n${TABLE}\n\n\`\`\`\ncode\n\`\`\``
    expect(answerParts(text)).toEqual([text])
  })

  it('shows the tables beyond the budget as code', () => {
    const [part] = answerParts(Array.from({ length: TABLES_PER_CARD + 2 }, () => TABLE).join('\n\n'))
    expect(part!.match(/```\n\| a \| b \|/g)).toHaveLength(2)
  })

  it('makes links of images that are no keys, but not in code', () => {
    const image = '![pic](https://example.com/a.png)'
    const code = `\`\`\`\n${image}\n\`\`\`\nWrite \`${image}\`.`
    expect(answerParts(`${image}\n${code}`)).toEqual([`[pic](https://example.com/a.png)\n${code}`])
  })

  it('makes words of links to no page, also where their words are code', () => {
    expect(
      answerParts('See [`a.md`](docs/a.md) and ![the `main` one](https://example.com/a.png), not `[b](c)`')
    ).toEqual(['See `a.md` (docs/a.md) and [the `main` one](https://example.com/a.png), not `[b](c)`'])
  })

  it('makes words of a link in the words of another', () => {
    expect(answerParts('[[a](file:///a)](x) [[b](c) d](https://example.com)')).toEqual([
      'a (file:///a) (x) [b (c) d](https://example.com)'
    ])
  })

  it('takes nothing for code in a line where a backtick may be escaped', () => {
    expect(answerParts('\\`![x](https://example.com/a.png)\\`')).toEqual(['\\`[x](https://example.com/a.png)\\`'])
  })

  it('makes no image of a link behind a mark', () => {
    expect(answerParts('Wow!![a](https://example.com/a.png)!')).toEqual(['Wow! [a](https://example.com/a.png)!'])
  })

  it('takes code within its line for no block, so that blocks behind it are code', () => {
    const code = '```ts\nrun[0](x)\n```'
    expect(answerParts(`\`\`\`ls -la\`\`\`\n[mail](mailto:a@b.c)\n${code}`)).toEqual([
      `\`\`\`ls -la\`\`\`\nmail (a@b.c)\n${code}`
    ])
  })

  it('shows tables behind code within its line', () => {
    expect(answerParts(`\`\`\`ls\`\`\`\n\n${TABLE}`)).toEqual([`\`\`\`ls\`\`\`\n\n${TABLE}`])
  })

  it('makes links of images with brackets in their address or title', () => {
    expect(answerParts('![a](https://example.com/a(1).png) ![b](https://example.com/b.png "b (1)")')).toEqual([
      '[a](https://example.com/a(1).png) [b](https://example.com/b.png)'
    ])
  })

  it('takes what stands between angle brackets for one address', () => {
    expect(answerParts('![a](</workspace/my a.png>) ![b](<https://example.com/my b.png> "b")')).toEqual([
      'a (/workspace/my a.png) [b](<https://example.com/my b.png>)'
    ])
  })

  it('takes the data of a large image for what it is', () => {
    const target = `data:image/png;base64,${'A'.repeat(20 * 1024 * 1024)}`
    expect(cardMarkdown(`Look: ![cat](${target}) there`) === `Look: cat (${target}) there`).toBe(true)
  })

  it('shows no image at all in the plain form of a card, whatever its title, and in code neither', () => {
    expect(withoutImages('![x](img_abc "Chart (2024)") ![y](img_v3-1) `![z](https://example.com)` vec![1]')).toBe(
      'x y `! [z](https://example.com)` vec![1]'
    )
  })

  it('makes a link of an image in the brackets of another', () => {
    expect(answerParts('![![x](https://example.com/a.png)')).toEqual(['!\\[[x](https://example.com/a.png)'])
  })

  it('does not change the parts in front as an answer grows by whole lines', () => {
    const lines = Array.from({ length: 1_500 }, (_, index) => `line ${index} ${'x'.repeat(40)}`)
    const whole = answerParts(lines.join('\n'))
    for (const length of [700, 1_000, 1_300]) {
      const grown = answerParts(lines.slice(0, length).join('\n'))
      expect(whole.slice(0, grown.length - 1)).toEqual(grown.slice(0, -1))
    }
  })
})

describe('partsWith', () => {
  const approval = 'q'.repeat(MAX_APPROVAL_BYTES)
  const buttons = ['confirm', 'reject'].map((action) => ({
    name: `answer_${action}`,
    text: 'a label',
    look: 'default' as const,
    value: { kind: 'xpert_answer', action, turn: 'x'.repeat(36), attempt: 'x'.repeat(36) }
  }))

  it('leaves a short approval below the text', () => {
    expect(partsWith('May I?', 'Hello')).toEqual(['Hello'])
    expect(partsWith(undefined, 'Hello')).toEqual(['Hello'])
  })

  it('gives a long one a card of its own, which Lark takes', () => {
    const parts = partsWith(approval, 'word '.repeat(1_000))
    expect(parts).toHaveLength(2)
    expect(bodyBytes(renderCard({ markdown: parts[1]!, approval, buttons }))).toBeLessThan(LIMIT)
    expect(JSON.stringify(renderCard({ markdown: '', approval }))).toContain(approval)
  })
})
