import { posix } from 'node:path'
import { Language, say } from '../../i18n'
import { codeIn, matchesBesideCode, replacedBesideCode, stretchAt } from '../../reply'

/** A file in an answer's Markdown: an image, or a link to something that only the expert can open. */
export interface FileReference {
  /** As it stands in the text. */
  whole: string
  isImage: boolean
  label: string
  target: string
}

/**
 * A name or title may have brackets of its own, such as `report(1).pdf`, the last of which need not be closed; between `<` and `>`
 * it may have blanks. Unrolled, as data of
 * 30 MiB is a target too: each round of a group, and of a `+` in a process whose code of regular expressions has grown large (V8 then
 * optimises no further one), costs the engine's stack; a `*` of one class does not.
 */
const LINK =
  /(!?)\[([^[\]\n]*)\]\(\s*(?:<([^<>\n]*)>|<?([^()\s>][^()\s>]*(?:\([^()\s>]*\)[^()\s>]*)*(?:\([^()\s>]*)?))(?:[\s>][^()\n]*(?:\([^()\n]*\)[^()\n]*)*(?:\([^()\n]*)?)?\)/g

/** Within a workspace, as hosts write it; a person can not open it. */
const WORKSPACE = /^(?:sandbox:)?\/workspace\/(.+)$/

export const workspacePathOf = (target: string): string | undefined => WORKSPACE.exec(target)?.[1]

/** A path in a link is percent-encoded, mostly: a model may write `growth 50%.pdf` as it is. */
export const decodedPath = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Where a path leads within the workspace; throws for one that leads out of it, however it is written. */
export const insideWorkspace = (path: string): string => {
  const plain = posix.normalize(decodedPath(path))
  const leadsOut = /^(?:\/|\.\.?(?:\/|$))/.test(plain) || plain.includes('\\') || plain.includes('\0')
  if (leadsOut) throw new Error('the path leads out of the workspace')
  return plain
}

const isFile = (isImage: boolean, target: string): boolean =>
  target.startsWith('data:') || workspacePathOf(target) !== undefined || (isImage && target.startsWith('https://'))

/** How a file without a name is spoken of. */
export const unnamed = (isImage: boolean, language: Language): string =>
  say(isImage ? 'unnamedImage' : 'unnamedFile', language)

/** The files that a text refers to, each form of reference once; what stands in code is no reference. */
export const fileReferences = (markdown: string): FileReference[] => {
  const found = new Map<string, FileReference>()
  for (const [whole, mark, label = '', enclosed, bare = ''] of matchesBesideCode(markdown, LINK)) {
    const target = enclosed ?? bare
    const isImage = mark === '!'
    if (isFile(isImage, target) && !found.has(whole)) found.set(whole, { whole, isImage, label, target })
  }
  return [...found.values()]
}

/** The text with other words in the place of references: by what they are as a whole, and no part of another one. */
export const withReferences = (markdown: string, shownAs: ReadonlyMap<string, string>): string =>
  shownAs.size === 0 ? markdown : replacedBesideCode(markdown, LINK, ([whole]) => shownAs.get(whole) ?? whole)

const DATA = /(!?)\[([^[\]\n]*)\]\(\s*<?data:[^)]*(?:\)|$)/g

/** Characters of data that a person may read as code. */
const MAX_DATA_IN_CODE = 1_000

/** Nobody reads the data of an image, and no card has room for it: but for a little in code, which is there to be read. */
export const withoutData = (markdown: string, language: Language): string => {
  const code = codeIn(markdown)
  return markdown.replace(DATA, (whole: string, mark: string, label: string, place: number) =>
    whole.length <= MAX_DATA_IN_CODE && stretchAt(code, place) ? whole : `[${label || unnamed(mark === '!', language)}]`
  )
}
