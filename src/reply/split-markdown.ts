/** Room in every part for closing a code block and opening it again. */
const RESERVE = 64

const FENCE = /^\s*(`{3,16}|~{3,16})(.*)$/

interface Fence {
  /** What opens the block again behind a cut. */
  opening: string
  marker: string
}

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')

/** The code block that is open behind this line; one ends at a bare fence of its own kind, at least as long. */
const fenceAfter = (line: string, open: Fence | null): Fence | null => {
  const [, marker, rest = ''] = FENCE.exec(line) ?? []
  if (marker === undefined) return open
  if (open === null) return { opening: bytes(line) <= RESERVE / 2 ? line : marker, marker }
  return marker.startsWith(open.marker) && rest.trim() === '' ? null : open
}

/** Pieces of one line that is itself too long, cut between characters. */
const cutLine = (line: string, limit: number): string[] => {
  const pieces: string[] = []
  let piece = ''
  let size = 0
  for (const character of line) {
    const width = bytes(character)
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
 * Splits Markdown at line ends, and a line that is too long between characters, so that no part exceeds `limit` bytes of
 * UTF-8. A code block that spans a cut is closed before it and opened again behind it. Nothing but blank parts is left out.
 * @param limit more than 128
 */
export const splitMarkdown = (text: string, limit: number): string[] => {
  if (bytes(text) <= limit) return [text]
  const parts: string[] = []
  let part: string[] = []
  let size = 0
  let fence: Fence | null = null
  const close = (): void => {
    parts.push([...part, ...(fence ? [fence.marker] : [])].join('\n'))
    part = fence ? [fence.opening] : []
    size = fence ? bytes(fence.opening) + 1 : 0
  }
  for (const whole of text.split('\n')) {
    const next = fenceAfter(whole, fence)
    const room = fence !== null && next === null ? limit : limit - RESERVE
    for (const [index, line] of cutLine(whole, limit - 2 * RESERVE).entries()) {
      if (part.length > 0 && (index > 0 || size + bytes(line) + 1 > room)) close()
      part.push(line)
      size += bytes(line) + 1
    }
    fence = next
  }
  parts.push(part.join('\n'))
  return parts.filter((each) => each.trim() !== '')
}
