import fc from 'fast-check'
import { splitMarkdown } from '../../../src/reply/split-markdown'

const LIMIT = 200
const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')

/** Any characters, line ends and long lines among them; no code blocks. */
const plain = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.constant('')), { maxLength: 12 })
  .map((lines) => lines.join('\n').replace(/[`~\r]/g, '.'))

/** Lines that are told apart by their number; every second block of them is code. */
const blocks = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 12 }).map((sizes) => {
  let number = 0
  return sizes.flatMap((size, block) => {
    const lines = Array.from({ length: size }, () => `line ${(number += 1)} ${'é'.repeat(number % 30)}`)
    return block % 2 === 0 ? lines : ['```ts', ...lines, '```']
  })
})

describe('splitMarkdown', () => {
  it.each(['', 'short', 'x'.repeat(LIMIT), 'ü'.repeat(LIMIT / 2)])('leaves alone what fits', (text) => {
    expect(splitMarkdown(text, LIMIT)).toEqual([text])
  })

  it.each(['```ls -la```', '``` a ` b', '  ```` `', '``````````````````` `'])(
    'takes code within its line for no block: %s',
    (line) => {
      const words = Array.from({ length: 60 }, (_, index) => `word ${index}`)
      const text = [line, ...words].join('\n')
      expect(splitMarkdown(text, LIMIT).join('\n')).toBe(text)
    }
  )

  it.each(['```', '```js', '~~~ a ` b', '````\r', '`'.repeat(20)])(
    'goes on with a block in the next part: %s',
    (line) => {
      const words = Array.from({ length: 60 }, (_, index) => `word ${index}`)
      const [first, second] = splitMarkdown([line, ...words].join('\n'), LIMIT)
      const marker = line.replace(/[^`~]|`(?= b)/g, '').slice(0, 16)
      expect(first!.split('\n').at(-1)).toBe(marker)
      expect(second!.split('\n')[0]!.slice(0, marker.length)).toBe(marker)
    }
  )

  it('cuts at line ends', () => {
    const lines = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(50))
    const parts = splitMarkdown(lines.join('\n'), LIMIT)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.join('\n')).toBe(lines.join('\n'))
  })

  it('makes no part over the limit and loses nothing but line ends and blank parts', () => {
    fc.assert(
      fc.property(plain, (text) => {
        const parts = splitMarkdown(text, LIMIT)
        for (const part of parts) expect(bytes(part)).toBeLessThanOrEqual(LIMIT)
        expect(parts.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
      }),
      { numRuns: 300 }
    )
  })

  it('puts no line end into a line that is too long', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.constantFrom('a', 'ü', '字', '😀'), (length, character) => {
        const parts = splitMarkdown(character.repeat(length), LIMIT)
        expect(parts.join('')).toBe(character.repeat(length))
        for (const part of parts) expect(part).not.toContain('\n')
      })
    )
  })

  it('closes a code block before a cut and opens it again behind it', () => {
    const code = Array.from({ length: 12 }, (_, index) => `const line${index} = ${index}`)
    const parts = splitMarkdown(['Look:', '```ts', ...code, '```', 'Done.'].join('\n'), LIMIT)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts.slice(1)) expect(part.startsWith('```ts\n')).toBe(true)
    for (const part of parts.slice(0, -1)) expect(part.endsWith('\n```')).toBe(true)
    expect(parts.at(-1)).toMatch(/\n```\nDone\.$/)
  })

  it('keeps every line, code in code and words out of it, whatever the cuts', () => {
    fc.assert(
      fc.property(blocks, (lines) => {
        const parts = splitMarkdown(lines.join('\n'), LIMIT)
        let inCode = false
        const expected = lines.flatMap((line) => {
          if (line.startsWith('```')) inCode = !inCode
          return line.startsWith('line') ? [`${inCode ? 'code' : 'words'} ${line}`] : []
        })
        const found = parts.flatMap((part) => {
          expect(bytes(part)).toBeLessThanOrEqual(LIMIT)
          let open = false
          const seen = part.split('\n').flatMap((line) => {
            if (line.startsWith('```')) open = !open
            return line.startsWith('line') ? [`${open ? 'code' : 'words'} ${line}`] : []
          })
          expect(open).toBe(false)
          return seen
        })
        expect(found).toEqual(expected)
      }),
      { numRuns: 300 }
    )
  })

  it('makes no empty code block where the block’s end falls on the cut', () => {
    for (let size = 1; size < LIMIT; size += 1) {
      const text = [
        '```ts',
        'x'.repeat(Math.min(size, 70)),
        'y'.repeat(Math.max(0, size - 70)),
        '```',
        'words '.repeat(20)
      ].join('\n')
      for (const part of splitMarkdown(text, LIMIT)) expect(part).not.toMatch(/```ts\n```/)
    }
  })

  it('does not take the fence of another kind for the end of a block', () => {
    const text = ['~~~md', '```', 'inside '.repeat(15), '```', 'still inside '.repeat(10), '~~~', 'outside'].join('\n')
    const parts = splitMarkdown(text, LIMIT)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts[1]!.startsWith('~~~md\n')).toBe(true)
    expect(parts.at(-1)!.endsWith('~~~\noutside')).toBe(true)
  })

  it('leaves out parts that are blank: a card without text can not be sent', () => {
    const parts = splitMarkdown(`${'x'.repeat(150)}${'\n'.repeat(500)}`, LIMIT)
    expect(parts.map((part) => part.trim())).toEqual(['x'.repeat(72), 'x'.repeat(72), 'x'.repeat(6)])
  })
})
