// Finishes `tsc`: copies what is not TypeScript from src to dist, and keeps dist a true image of src. tsc alone leaves the
// output of deleted sources behind, and its incremental mode does not see that an output file is missing.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

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
const expected = new Set(
  sources.flatMap((path) => (isSource(path) ? [path.replace(/\.ts$/, '.js'), path.replace(/\.ts$/, '.d.ts')] : [path]))
)

for (const path of filesBelow(target)) if (!expected.has(path)) rmSync(join(target, path))
for (const path of sources.filter((each) => !isSource(each))) {
  mkdirSync(dirname(join(target, path)), { recursive: true })
  cpSync(join(source, path), join(target, path))
}
if ([...expected].some((path) => !existsSync(join(target, path)))) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  rmSync(join(root, 'node_modules', '.cache', 'plugin-lark.tsbuildinfo'), { force: true })
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
}
