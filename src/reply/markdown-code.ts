import { Fence, fenceAfter } from './markdown-fence'

export const ANY_FENCE = /^\s*(?:````*[^`]*$|~~~)/

/**
 * Which lines are code. Whether a fence opens or closes is read in different ways; only what is code in the strict and in
 * the simplest reading counts, so that nothing reaches Lark as a table or an image by surprise.
 */
export const codeLines = (lines: readonly string[]): boolean[] => {
  let strict: Fence | null = null
  let simple = false
  return lines.map((line) => {
    const before = strict
    strict = fenceAfter(line, strict)
    const isFence = ANY_FENCE.test(line)
    if (isFence) simple = !simple
    return (before !== null && strict !== null && simple && !isFence) || (isFence && before !== strict)
  })
}

/** Pieces of a line, of which every second one is code: what runs of as many backticks enclose. */
export const codeSpans = (line: string): string[] => {
  const runs = [...line.matchAll(/`+/g)].map(({ index, 0: { length } }) => ({ index, length }))
  const pieces: string[] = []
  let from = 0
  for (let open = 0; open < runs.length; open++) {
    const { index, length } = runs[open]!
    let close = open + 1
    while (close < runs.length && runs[close]!.length !== length) close++
    if (close === runs.length) continue
    const end = runs[close]!.index + length
    pieces.push(line.slice(from, index), line.slice(index, end))
    from = end
    open = close
  }
  return [...pieces, line.slice(from)]
}
