import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const STOP_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 50

/**
 * Makes a data folder free again after a keeper was killed outright: stops the server that still runs on it, or removes the
 * lock file of one that is long gone (its process id may belong to somebody else now, who must not be touched).
 */
export async function releaseDataFolder(dataFolder: string): Promise<void> {
  const lock = join(dataFolder, 'postmaster.pid')
  if (!existsSync(lock)) return
  const pid = Number.parseInt(readFileSync(lock, 'utf8'), 10)
  if (!commandOf(pid).includes(dataFolder)) return rm(lock, { force: true })
  process.kill(pid, 'SIGINT')
  const deadline = Date.now() + STOP_WITHIN_MS
  while (commandOf(pid).includes(dataFolder)) {
    if (Date.now() > deadline)
      throw new Error(`another PostgreSQL (process ${pid}) uses ${dataFolder} and does not stop`)
    await pause(LOOK_EVERY_MS)
  }
}

function commandOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
