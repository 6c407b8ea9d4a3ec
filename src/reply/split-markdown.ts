import { Fence, fenceAfter } from './markdown-fence'

/** Room in every part for closing a code block and opening it again. */
const RESERVE = 64

/** Bytes of a text in the request that carries it. */
export type Weigh = (text: string) => number

const utf8Bytes: Weigh = (text) => Buffer.byteLength(text, 'utf8')

const QUOTES = 6

/** Card and post are JSON in a string of JSON: a quote there costs four bytes, a line break three. */
export const nestedBytes: Weigh = (text) => Buffer.byteLength(JSON.stringify(JSON.stringify(text)), 'utf8') - QUOTES

/** Pieces of one line that is itself too long, cut between characters. */
const cutLine = (line: string, limit: number, weigh: Weigh): string[] => {
  if (weigh(line) <= limit) return [line]
  const pieces: string[] = []
  let piece = ''
  let size = 0
  for (const character of line) {
    const width = weigh(character)
    if (size + width > limit) {
      pieces.push(piece)
      piece = ''
      size = 0
    }
    piece += character
    size += width
  }
  return [...pieces, piece]
}

/**
 * Splits Markdown at line ends, and a line that is too long between characters, so that no part weighs more than `limit`. A
 * code block that spans a cut is closed before it and opened again behind it. Nothing but blank parts is left out.
 * @param limit more than 128
 */
export const splitMarkdown = (text: string, limit: number, weigh: Weigh = utf8Bytes): string[] => {
  if (weigh(text) <= limit) return [text]
  const lineBreak = weigh('\n')
  const parts: string[] = []
  let part: string[] = []
  let size = 0
  let fence: Fence | null = null
  const close = (): void => {
    parts.push([...part, ...(fence ? [fence.marker] : [])].join('\n'))
    part = fence ? [fence.opening] : []
    size = fence ? weigh(fence.opening) + lineBreak : 0
  }
  for (const whole of text.split('\n')) {
    const next = fenceAfter(whole, fence)
    const room = fence !== null && next === null ? limit : limit - RESERVE
    for (const [index, line] of cutLine(whole, limit - 2 * RESERVE, weigh).entries()) {
      const width = weigh(line) + lineBreak
      if (part.length > 0 && (index > 0 || size + width > room)) close()
      part.push(line)
      size += width
    }
    fence = next
  }
  parts.push(part.join('\n'))
  return parts.filter((each) => each.trim() !== '')
}
