import { lstat, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Can any user walk down to this folder? Needed as root, where the server runs as another user. */
export async function reachableByAll(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false
    if (path === dirname(path)) return true
  }
}

/** Can any user read everything below this folder? npm under umask 077 leaves packages that only their owner reads. */
export async function readableByAll(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(folder, entry.name)
    const needed = entry.isDirectory() ? 0o005 : 0o004
    if (((await lstat(path)).mode & needed) !== needed) return false
    if (entry.isDirectory() && !(await readableByAll(path))) return false
  }
  return true
}
