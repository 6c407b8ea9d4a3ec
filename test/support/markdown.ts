import { readFileSync } from 'node:fs'

export interface Link {
  target: string
  line: number
}

/** A page of Markdown, as far as a test looks at it. */
export interface MarkdownPage {
  /** Without what stands in fences. */
  lines: string[]
  headings: { level: number; text: string }[]
  /** As GitHub makes them of the headings. */
  anchors: ReadonlySet<string>
  links: Link[]
  /** Every table as its rows, the head and the line below it included. */
  tables: string[][]
  fences: { language: string; text: string }[]
}

const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g

const anchorsOf = (headings: readonly { text: string }[]): Set<string> => {
  const seen = new Map<string, number>()
  const anchors = new Set<string>()
  for (const { text } of headings) {
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-')
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    anchors.add(before === 0 ? slug : `${slug}-${before}`)
  }
  return anchors
}

/** Tables in lists are indented. */
const tablesOf = (lines: readonly string[]): string[][] => {
  const tables: string[][] = []
  let open: string[] | undefined
  for (const line of lines) {
    if (!line.trim().startsWith('|')) open = undefined
    else if (open) open.push(line.trim())
    else tables.push((open = [line.trim()]))
  }
  return tables
}

export const readMarkdown = (path: string): MarkdownPage => {
  const fences: MarkdownPage['fences'] = []
  const lines: string[] = []
  let fence: { language: string; text: string } | undefined
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const mark = /^\s*```(\w*)/.exec(line)
    if (mark && !fence) fences.push((fence = { language: mark[1] ?? '', text: '' }))
    else if (mark) fence = undefined
    else if (fence) fence.text += `${line}\n`
    // A line of a fence stays as an empty one, so that the numbers of the others are right.
    lines.push(mark || fence ? '' : line)
  }
  const headings = lines.flatMap((line) => {
    const [, marks, text] = /^(#+) (.+)$/.exec(line) ?? []
    return marks && text ? [{ level: marks.length, text }] : []
  })
  const links = lines.flatMap((line, index) =>
    [...line.matchAll(LINK)].map(([, target = '']) => ({ target, line: index + 1 }))
  )
  return { lines, headings, anchors: anchorsOf(headings), links, tables: tablesOf(lines), fences }
}
