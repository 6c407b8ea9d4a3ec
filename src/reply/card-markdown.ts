import { ANY_FENCE, codeLines, replacedBesideCode } from './markdown-code'

/** Lark refuses a card with more tables (230099, 11310); reports say 5, production code keeps to 3 (lark-platform §6.1). */
export const TABLES_PER_CARD = 3

const AT_TAG = /<(?=[\s/]*at\b)/gi

/**
 * An `<at id=all>` that a model was talked into, or that a file is named, would ping everybody: it is only text. The
 * full-width sign looks the same in every form of a message; an entity is shown as it is in a text, and in code. Whatever
 * takes characters out of a text comes before it: what is left may be a mention.
 */
export const withoutMentions = (text: string): string => text.replace(AT_TAG, '＜')

/** Unrolled, and without a `+`: each round of a group may cost the engine's stack, as `fileReferences` says. */
const IMAGE =
  /!\[([^[\]\n]*)\]\((<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\([^()\s]*)?)(?:[^\S\n][^()\n]*(?:\([^()\n]*\)[^()\n]*)*(?:\([^()\n]*)?)?\)|!\[/g

const IMAGE_KEY = /^img_[\w-][\w-]*$/

/** Images in a card are keys of uploaded ones; one with an address makes Lark refuse the card (200570) and becomes a link. */
const withoutForeignImages = (markdown: string): string =>
  replacedBesideCode(markdown, IMAGE, ({ 0: whole, 1: alt, 2: target, index }) => {
    if (target === undefined) return '!\\['
    if (IMAGE_KEY.test(target)) return whole
    // Right behind a further mark the link would be an image again.
    return `${markdown[index - 1] === '!' ? ' ' : ''}[${alt || target}](${target})`
  })

/** Unrolled as `IMAGE` is; brackets in the label one deep, as in `[a [1]](b)`. */
const LINK = /(!?)\[([^[\]\n]*(?:\[[^[\]\n]*\][^[\]\n]*)*)\]\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*(?:\([^()\n]*)?)\)/g

const WEB = /^<?https?:\/\//i

const shownLink = ([whole, mark, words = '', inside = '']: RegExpExecArray): string => {
  const target = inside.trim()
  if (mark === '!') return whole
  const label = withoutForeignLinks(words)
  if (WEB.test(target)) return `[${label}](${inside})`
  const [place = ''] = target.startsWith('<') ? target.slice(1).split('>') : target.split(/\s["'(]/)
  const shown = place.trim().replace(/^mailto:/i, '')
  if (label === '') return shown
  return shown === '' || shown === label || shown.startsWith('#') ? label : `${label} (${shown})`
}

/**
 * A link to anything but a web page makes Lark refuse the whole card or post (230001, "scheme not in scheme whitelist"):
 * it becomes its words, and its target in brackets. Code stays as it is.
 */
export const withoutForeignLinks = (markdown: string): string => replacedBesideCode(markdown, LINK, shownLink)

/** No link at all but to web pages, in code neither: however Lark reads it, it is none. */
export const brokenForeignLinks = (markdown: string): string => markdown.replace(/\](?=\((?!\s*<?https?:\/\/))/gi, '] ')

/** What Lark takes in any card, whatever the model wrote. */
export const cardMarkdown = (markdown: string): string =>
  withoutMentions(withoutForeignLinks(withoutForeignImages(markdown)))

/** No image at all, in code neither: Lark may not know a key, or not read as code what this does. */
export const withoutImages = (markdown: string): string =>
  markdown
    .replace(/!\[([^[\]\n]*)\]\(img_[\w-][\w-]*(?:\s[^()\n]*(?:\([^()\n]*\)[^()\n]*)*(?:\([^()\n]*)?)?\)/g, '$1')
    .replace(/!(?=\[[^[\]\n]*\]\()/g, '! ')

const DIVIDER = /^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?$/

const isDivider = (line: string): boolean => DIVIDER.test(line.trim())

interface Table {
  /** Its head, in the line before the divider. */
  from: number
  to: number
}

const isRow = (line: string | undefined): boolean =>
  line !== undefined && line.includes('|') && line.trim() !== '' && !ANY_FENCE.test(line)

const tablesIn = (lines: readonly string[]): Table[] => {
  const code = codeLines(lines)
  const tables: Table[] = []
  for (let index = 1; index < lines.length; index++) {
    if (code[index] || !isDivider(lines[index]!) || !isRow(lines[index - 1])) continue
    let to = index
    while (!code[to + 1] && isRow(lines[to + 1])) to += 1
    tables.push({ from: index - 1, to })
    index = to
  }
  return tables
}

/** Dividers of a table in the reading that sees the most of them. */
const dividers = (lines: readonly string[]): number[] =>
  lines.flatMap((line, index) => (isDivider(line) && index > 0 ? [index] : []))

/** Keeps the first `budget` tables; the others are shown as code, or as plain lines where code would not be read as such. */
export const withinTableBudget = (markdown: string, budget = TABLES_PER_CARD): string => {
  const lines = markdown.split('\n')
  if (dividers(lines).length <= budget) return markdown
  const shown = [...lines]
  for (const { from, to } of tablesIn(lines).slice(budget)) {
    shown[from] = `\`\`\`\n${shown[from]}`
    shown[to] = `${shown[to]}\n\`\`\``
  }
  const asCode = shown.join('\n')
  if (tablesIn(asCode.split('\n')).length <= budget && simpleTables(asCode) <= budget) return asCode
  for (const index of dividers(lines).slice(budget)) lines[index] = `\\${lines[index]}`
  return lines.join('\n')
}

/** Tables where every fence simply opens or closes. */
const simpleTables = (markdown: string): number => {
  let fenced = false
  const visible = markdown.split('\n').filter((line) => {
    if (!ANY_FENCE.test(line)) return !fenced
    fenced = !fenced
    return false
  })
  return visible.filter((line, index) => index > 0 && visible[index - 1]!.includes('|') && isDivider(line)).length
}
