// `mark`: notes the sources that dist was built from. `check`: exit code 0 when they are still the same, 1 when not.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stamp = join(root, 'node_modules', '.cache', 'plugin-lark.built')
const inputs = ['src', 'scripts/finish-build.mjs', 'tsconfig.json', 'tsconfig.build.json', 'package.json']

const filesOf = (path) => {
  const stat = statSync(path)
  if (!stat.isDirectory()) return [`${path} ${stat.size} ${stat.mtimeMs}`]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)))
}

const lines = inputs.flatMap((input) => filesOf(join(root, input)))
const state = createHash('sha256').update(lines.join('\n')).digest('hex')

if (process.argv[2] === 'mark') {
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, state)
} else {
  const isBuilt =
    existsSync(join(root, 'dist', 'index.js')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === state
  process.exit(isBuilt ? 0 : 1)
}
