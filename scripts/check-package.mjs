// What would `npm pack` publish, and does the host's loader accept it? Prints one line a check; exits 1 if any fails.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAX_PACKED_BYTES = 400 * 1024
const LOAD_WITHIN_MS = 30_000
const PUBLISHED = [/^dist\//, /^README\.md$/, /^LICENSE$/, /^CHANGELOG\.md$/, /^package\.json$/]
const NEVER_PUBLISHED = [/\.map$/, /\.tsbuildinfo$/, /(^|\/)(test|tests|__tests__)\//, /\.(spec|test)\./]

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
let failures = 0

function check(name, passed, detail = '') {
  if (!passed) failures++
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}${detail && !passed ? `: ${detail}` : ''}`)
}

/** Prints the facts that the loader's rules are about, as JSON; run once as CommonJS and once as an ES module. */
const factsOf = (name) => `
  const seen = typeof loaded === 'object' || typeof loaded === 'function' ? loaded : {}
  const plugin = seen.default ?? seen
  console.log(JSON.stringify({
    how: '${name}', hasDefault: 'default' in seen, object: typeof plugin === 'object', register: typeof plugin.register,
    meta: plugin.meta && { name: plugin.meta.name, version: plugin.meta.version, level: plugin.meta.level, artifactNamespace: plugin.meta.artifactNamespace },
    isModuleExports: require(manifestName) === plugin
  }))`

function load(folder, how) {
  const file = join(folder, how === 'require' ? 'probe.cjs' : 'probe.mjs')
  const head =
    how === 'require'
      ? `const manifestName = '${manifest.name}'\nconst loaded = require(manifestName)`
      : `import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\nconst manifestName = '${manifest.name}'\nconst loaded = await import(manifestName)`
  writeFileSync(file, `${head}\n${factsOf(how)}\n`)
  // The official harness never ends by itself: a timer or socket that stays open after loading shows as a time-out here.
  const printed = execFileSync(process.execPath, [file], {
    encoding: 'utf8',
    timeout: LOAD_WITHIN_MS,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  return JSON.parse(printed.trim().split('\n').at(-1))
}

function checkLoaded(folder, how) {
  let facts
  try {
    facts = load(folder, how)
  } catch (error) {
    check(`loads with ${how} and lets the process end`, false, String(error.stderr || error.message).trim())
    return
  }
  check(`loads with ${how} and lets the process end`, true)
  check(`${how}: the default export is an object`, facts.hasDefault && facts.object)
  check(`${how}: module.exports is the default export`, facts.isModuleExports)
  check(`${how}: meta.name is the package name`, facts.meta?.name === manifest.name, JSON.stringify(facts.meta))
  check(
    `${how}: meta.version is the package version`,
    facts.meta?.version === manifest.version,
    JSON.stringify(facts.meta)
  )
  const { level, artifactNamespace } = manifest.xpert.plugin
  check(
    `${how}: meta has level ${level} and namespace ${artifactNamespace}`,
    facts.meta?.level === level && facts.meta?.artifactNamespace === artifactNamespace,
    JSON.stringify(facts.meta)
  )
  check(`${how}: register is a function`, facts.register === 'function')
}

/** Packages named in require() of the built files that a host would not have beside the plugin. */
function undeclaredPackages(packageFolder) {
  const declared = new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
    ...builtinModules,
    manifest.name
  ])
  const missing = new Set()
  const files = readdirSync(join(packageFolder, 'dist'), { recursive: true }).map(String)
  for (const file of files.filter((each) => each.endsWith('.js'))) {
    const code = readFileSync(join(packageFolder, 'dist', file), 'utf8')
    for (const [, specifier] of code.matchAll(/\b(?:require|import)\(\s*["']([^"'.][^"']*)["']\s*\)/g)) {
      if (specifier.startsWith('node:')) continue
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      if (!declared.has(name)) missing.add(`${name} (dist/${file})`)
    }
  }
  return [...missing]
}

/** Declarations that are not published, or not right, are found by whoever writes TypeScript against them. */
function checkTypes(folder) {
  const file = join(folder, 'probe.ts')
  const words = `import plugin from '${manifest.name}'\nexport const version: string = plugin.meta.version\n// @ts-expect-error: it is a string\nexport const count: number = plugin.meta.version\n`
  writeFileSync(file, words)
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = [
    '--noEmit',
    '--strict',
    '--esModuleInterop',
    '--module',
    'node16',
    '--target',
    'es2022',
    '--types',
    'node'
  ]
  const decorators = ['--experimentalDecorators', '--emitDecoratorMetadata']
  let complaint = ''
  try {
    execFileSync(process.execPath, [compiler, ...options, ...decorators, '--skipLibCheck', 'false', file], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe']
    })
  } catch (error) {
    // The packages beside it have faults of their own.
    complaint = error.stdout
      .split('\n')
      .filter((line) => line.includes('plugin-lark') || line.startsWith('probe.ts'))
      .join('\n')
  }
  check('has types that TypeScript can use', complaint === '', complaint)
}

const work = mkdtempSync(join(tmpdir(), 'plugin-lark-package-'))
try {
  execFileSync(npm, ['run', 'build', '--silent'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const packed = execFileSync(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', work], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore']
  })
  const [tarball] = JSON.parse(packed)
  const paths = tarball.files.map((file) => file.path)
  const extra = paths.filter(
    (path) => !PUBLISHED.some((rule) => rule.test(path)) || NEVER_PUBLISHED.some((rule) => rule.test(path))
  )
  check('publishes only dist, README, LICENSE, CHANGELOG and package.json', extra.length === 0, extra.join(', '))
  const absent = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'dist/index.js', 'dist/index.d.ts'].filter(
    (path) => !paths.includes(path)
  )
  check('publishes everything that belongs to it', absent.length === 0, `without ${absent.join(', ')}`)
  check(
    `is at most ${MAX_PACKED_BYTES / 1024} KB packed`,
    tarball.size <= MAX_PACKED_BYTES,
    `${Math.ceil(tarball.size / 1024)} KB`
  )

  execFileSync('tar', ['-xzf', join(work, tarball.filename), '-C', work])
  // As in the host: the plugin in a folder of its own, the host's packages found by walking up.
  const home = join(work, 'host', 'plugins', 'lark')
  const installed = join(home, 'node_modules', ...manifest.name.split('/'))
  mkdirSync(dirname(installed), { recursive: true })
  cpSync(join(work, 'package'), installed, { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(work, 'host', 'node_modules'), 'junction')
  const undeclared = undeclaredPackages(installed)
  check('requires only its dependencies and peers', undeclared.length === 0, undeclared.join(', '))
  checkLoaded(home, 'require')
  checkLoaded(home, 'import')
  checkTypes(home)
} finally {
  rmSync(work, { recursive: true, force: true })
}
process.exitCode = failures ? 1 : 0
