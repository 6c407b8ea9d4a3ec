import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import ts from 'typescript'

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  path: string
  text: string
}

/** One import as the compiler sees it: type-only imports, re-exports, `require` and `import()` count. */
export interface Import {
  from: string
  specifier: string
  /** Relative to the repository for a relative specifier, without its extension; null for a package. */
  target: string | null
}

export const readSources = (root: string, folder: string): SourceFile[] => {
  const found = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.includes(`${sep}node_modules${sep}`))
    .map((path) => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }))
}

export const importsOf = (file: SourceFile): Import[] =>
  ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName }) => ({
    from: file.path,
    specifier: fileName,
    target: fileName.startsWith('.')
      ? join(dirname(file.path), fileName)
          .split(sep)
          .join('/')
          .replace(/\.[cm]?[jt]s$/, '')
      : null
  }))

/** Every string in a file's code; comments are none. */
export const stringsOf = (file: SourceFile): string[] => {
  const strings: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      strings.push(node.text)
    node.forEachChild(visit)
  }
  visit(ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022))
  return strings
}

export interface RoomTable {
  [room: string]: readonly string[]
}

const roomOf = (path: string): string | null => /^src\/([^/]+)\//.exec(path)?.[1] ?? null

/** What the import table of `src` forbids about one import; null where it is allowed. */
export const roomFault = ({ from, specifier, target }: Import, rooms: RoomTable): string | null => {
  const fault = (why: string): string => `${from} imports '${specifier}': ${why}`
  const room = roomOf(from)
  if (target === null) {
    const isLarkSdk = specifier.startsWith('@larksuiteoapi/')
    return isLarkSdk && room !== 'lark' ? fault('only src/lark speaks to the Lark SDK') : null
  }
  if (!target.startsWith('src/')) return fault('src imports nothing outside src')
  const [, other, ...rest] = target.split('/')
  if (room === null) return target === 'src/plugin' ? null : fault('src/index.ts imports only the plugin')
  if (!rooms[room]) return fault(`'${room}' is no room`)
  if (other === room) return null
  if (!other || !rooms[room].includes(other)) return fault(`${room} may not import ${other}`)
  return rest.length === 0 || rest.join('/') === 'index'
    ? null
    : fault(`another room is entered by its door, src/${other}`)
}
