const FENCE = /^\s*(```|~~~)/

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')

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
 * Splits Markdown at line ends so that no part exceeds `limit` bytes of UTF-8. A code block that spans a cut is closed
 * before it and opened again behind it. The parts joined without those fences are the whole text.
 */
export const splitMarkdown = (text: string, limit: number): string[] => {
  if (bytes(text) <= limit) return [text]
  const reserve = 64
  const parts: string[] = []
  let part: string[] = []
  let size = 0
  let fence: string | null = null
  const close = (): void => {
    parts.push(part.join('\n') + (fence === null ? '' : `\n${fence.trim().slice(0, 3)}`))
    part = fence === null ? [] : [fence]
    size = fence === null ? 0 : bytes(fence) + 1
  }
  for (const whole of text.split('\n')) {
    for (const line of cutLine(whole, limit - 2 * reserve)) {
      if (part.length > 0 && size + bytes(line) + 1 > limit - reserve) close()
      part.push(line)
      size += bytes(line) + 1
    }
    if (FENCE.test(whole)) fence = fence === null ? whole.slice(0, reserve / 2) : null
  }
  parts.push(part.join('\n'))
  return parts
}
