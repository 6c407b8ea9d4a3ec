// Finishes `tsc`: copies what is not TypeScript from src to dist, keeps dist a true image of src, and leaves only the
// declarations that others can reach. tsc alone leaves the output of deleted sources behind, and its incremental mode does not
// see that an output file is missing.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(root, 'src')
const target = join(root, 'dist')
const isSource = (path) => path.endsWith('.ts') && !path.endsWith('.d.ts')

const filesBelow = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    : []

const sources = filesBelow(source)
const scripts = sources.filter(isSource).map((path) => path.replace(/\.ts$/, '.js'))
const assets = sources.filter((path) => !isSource(path))

/** The declarations that the package's own is made of; null when one of them is missing. */
const reachableTypes = () => {
  const reached = new Set()
  const waiting = [join(target, 'index.d.ts')]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (!existsSync(file)) return null
    if (reached.has(file)) continue
    reached.add(file)
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
      if (!fileName.startsWith('.')) continue
      const path = join(dirname(file), fileName)
      waiting.push(existsSync(`${path}.d.ts`) ? `${path}.d.ts` : join(path, 'index.d.ts'))
    }
  }
  return reached
}

for (const path of assets) {
  mkdirSync(dirname(join(target, path)), { recursive: true })
  cpSync(join(source, path), join(target, path))
}

let types = reachableTypes()
if (types === null || scripts.some((path) => !existsSync(join(target, path)))) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  rmSync(join(root, 'node_modules', '.cache', 'plugin-lark.tsbuildinfo'), { force: true })
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
  types = reachableTypes()
}

// Declarations that nobody can import would be a quarter of the package.
const expected = new Set([...scripts, ...assets])
for (const path of filesBelow(target)) {
  const file = join(target, path)
  if (!expected.has(path) && !types.has(file)) rmSync(file)
}
