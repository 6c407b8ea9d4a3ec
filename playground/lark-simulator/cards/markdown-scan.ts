/** Behind backticks there is no further one: it would be code within the line. */
const FENCE = /^\s*(?:````*[^`]*$|~~~)/
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$/

/** Lines outside code fences. */
function visibleLines(markdown: string): string[] {
  let fenced = false
  return markdown.split('\n').filter((line) => {
    if (!FENCE.test(line)) return !fenced
    fenced = !fenced
    return false
  })
}

/** Tables written in markdown count like table components. */
export function countTables(markdown: string): number {
  const lines = visibleLines(markdown)
  return lines.filter((line, index) => index > 0 && lines[index - 1].includes('|') && DIVIDER.test(line)).length
}

const withoutCode = (markdown: string): string =>
  visibleLines(markdown)
    .join('\n')
    .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '` `')

/** Targets of `[text](target)` whose scheme is none that the platform lets through. */
export function foreignLinksIn(markdown: string): string[] {
  return [
    ...withoutCode(markdown).matchAll(/(?<!!)\[[^[\]\n]*(?:\[[^[\]\n]*\][^[\]\n]*)*\]\(\s*<?([^)\s>]*)[^)\n]*\)/g)
  ]
    .map((match) => match[1])
    .filter((target) => !/^https?:\/\//i.test(target))
}

/** Targets of `![text](target)`; the platform wants image keys there, not addresses. */
export function imageKeysIn(markdown: string): string[] {
  const text = withoutCode(markdown)
  return [...text.matchAll(/!\[[^\]]*\]\(([^)\s]*)[^)]*\)/g)].map((match) => match[1])
}

/** Ids of `<at id=...></at>`, without `all`. */
export function mentionIdsIn(markdown: string): string[] {
  const text = withoutCode(markdown)
  return [...text.matchAll(/<at\s+id=["']?([^\s"'>]+)["']?\s*>/g)].map((match) => match[1]).filter((id) => id !== 'all')
}
