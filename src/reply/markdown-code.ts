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

/** A stretch of a text, up to before `to`. */
export interface Stretch {
  from: number
  to: number
}

/** What runs of as many backticks enclose. None where one may be escaped: what is code then is read in different ways. */
const codeSpans = (line: string): Stretch[] => {
  if (line.includes('\\`')) return []
  const runs = [...line.matchAll(/``*/g)].map(({ index, 0: { length } }) => ({ index, length }))
  const spans: Stretch[] = []
  for (let open = 0; open < runs.length; open++) {
    const { index, length } = runs[open]!
    let close = open + 1
    while (close < runs.length && runs[close]!.length !== length) close++
    if (close === runs.length) continue
    spans.push({ from: index, to: runs[close]!.index + length })
    open = close
  }
  return spans
}

/** What of a text is code, in order: lines of blocks, and spans within other lines. */
export const codeIn = (markdown: string): Stretch[] => {
  const lines = markdown.split('\n')
  const isBlock = codeLines(lines)
  let start = 0
  return lines.flatMap((line, index) => {
    const spans = isBlock[index] ? [{ from: 0, to: line.length }] : codeSpans(line)
    const found = spans.map(({ from, to }) => ({ from: start + from, to: start + to }))
    start += line.length + 1
    return found
  })
}

/** The stretch that a place is in. */
export const stretchAt = (stretches: readonly Stretch[], place: number): Stretch | undefined => {
  let [low, high] = [0, stretches.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (stretches[middle]!.to <= place) low = middle + 1
    else high = middle
  }
  const found = stretches[low]
  return found && found.from <= place ? found : undefined
}

/**
 * Where a pattern is in a text beside its code. A link may have code in its words; what begins or ends within code is none.
 * @param pattern global, and never empty
 */
export const matchesBesideCode = (markdown: string, pattern: RegExp): RegExpExecArray[] => {
  const code = codeIn(markdown)
  const search = new RegExp(pattern)
  const found: RegExpExecArray[] = []
  for (let match = search.exec(markdown); match; match = search.exec(markdown)) {
    const around = stretchAt(code, match.index)
    if (around) search.lastIndex = around.to
    else if (stretchAt(code, search.lastIndex - 1)) search.lastIndex = match.index + 1
    else found.push(match)
  }
  return found
}

/** The text with other words in the place of what `matchesBesideCode` finds. */
export const replacedBesideCode = (
  markdown: string,
  pattern: RegExp,
  wordsOf: (match: RegExpExecArray) => string
): string => {
  let from = 0
  const pieces = matchesBesideCode(markdown, pattern).flatMap((match) => {
    const before = markdown.slice(from, match.index)
    from = match.index + match[0].length
    return [before, wordsOf(match)]
  })
  return [...pieces, markdown.slice(from)].join('')
}
