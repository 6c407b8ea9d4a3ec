import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export type PluginLevel = 'system' | 'tenant' | 'organization'

export interface PluginPackage {
  dir: string
  name: string
  level: PluginLevel
  artifactNamespace?: string
  /** The built file that the package's `main` or `exports` names. */
  entry: string
}

export class PluginLoadError extends Error {
  override readonly name = 'PluginLoadError'
}

const SDK = '@xpert-ai/plugin-sdk'
const ROOT_FILES = ['dist', 'src/index.ts', 'index.js', 'index.cjs.js', 'index.esm.js']
const NAMESPACE = /^[a-z0-9_]+$/

interface Manifest {
  name?: string
  exports?: unknown
  dependencies?: Record<string, string>
  xpert?: { plugin?: { level?: string; artifactNamespace?: string } }
}

/** Reads and checks a plugin's package.json the way the host does before it runs any of the plugin's code. */
export function readPluginPackage(dir: string): PluginPackage {
  const file = join(dir, 'package.json')
  if (!existsSync(file)) throw new PluginLoadError(`No package.json in ${dir}`)
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  if (!manifest.name) throw new PluginLoadError('package.json has no name')
  if (manifest.dependencies?.[SDK]) {
    throw new PluginLoadError(`${SDK} must be a peer dependency of ${manifest.name}, not a dependency`)
  }
  if (!ROOT_FILES.some((path) => existsSync(join(dir, path)))) {
    throw new PluginLoadError(`${manifest.name} has none of ${ROOT_FILES.join(', ')}`)
  }
  const level = readLevel(manifest)
  const artifactNamespace = manifest.xpert?.plugin?.artifactNamespace
  if (level !== 'organization' && !artifactNamespace) {
    throw new PluginLoadError(`xpert.plugin.artifactNamespace is required at level ${level}`)
  }
  if (artifactNamespace !== undefined && !NAMESPACE.test(artifactNamespace)) {
    throw new PluginLoadError(`xpert.plugin.artifactNamespace must match ${NAMESPACE}`)
  }
  linkHostSdk(dir)
  return { dir, name: manifest.name, level, artifactNamespace, entry: resolveEntry(dir, manifest) }
}

function readLevel(manifest: Manifest): PluginLevel {
  const level = manifest.xpert?.plugin?.level ?? 'organization'
  if (level !== 'system' && level !== 'tenant' && level !== 'organization') {
    throw new PluginLoadError(`xpert.plugin.level is unknown: ${level}`)
  }
  return level
}

function resolveEntry(dir: string, manifest: Manifest): string {
  const requireFrom = createRequire(join(dir, 'package.json'))
  try {
    return manifest.exports === undefined ? requireFrom.resolve(dir) : requireFrom.resolve(manifest.name as string)
  } catch (error) {
    throw new PluginLoadError(`The entry of ${manifest.name} cannot be resolved: ${(error as Error).message}`)
  }
}

/** Gives the plugin the host's own SDK: two copies would mean two request contexts. Nothing else is linked. */
function linkHostSdk(dir: string): void {
  const hostSdk = realpathSync(dirname(require.resolve(SDK)))
  const requireFrom = createRequire(join(dir, 'package.json'))
  try {
    if (realpathSync(dirname(requireFrom.resolve(SDK))) === hostSdk) return
  } catch {
    // Not there at all: the link below is what brings it.
  }
  const link = join(dir, 'node_modules', SDK)
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { recursive: true, force: true })
  symlinkSync(hostSdk, link, 'dir')
}
