import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SimApp, Transport } from '../lark-simulator/client'

/** What is remembered of one bot: the simulator forgets its apps at a restart, the host keeps integration and expert. */
export interface RememberedBot {
  app: SimApp
  integrationId?: string
  expertId?: string
}

export type Memory = Partial<Record<Transport, RememberedBot>>

const MEMORY = 'playground.json'
const RUNNING = 'running.json'
const RUNS = 'runs'
const LOOK_WITHIN_MS = 1000

/** `.state`, or a temporary folder below `.state/runs`: everything that the playground writes while it runs. */
export class StateFolder {
  constructor(readonly path: string) {
    mkdirSync(path, { recursive: true })
    // As root, PostgreSQL runs as another user, who walks through this folder; its own data stays closed (0700).
    chmodSync(path, 0o755)
  }

  /** A folder for one run that leaves nothing, beside a playground that may be running. */
  forOneRun(): StateFolder {
    return new StateFolder(join(this.path, RUNS, String(process.pid)))
  }

  memory(): Memory {
    const file = join(this.path, MEMORY)
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Memory) : {}
  }

  remember(memory: Memory): void {
    writeFileSync(join(this.path, MEMORY), JSON.stringify(memory, null, 2), { mode: 0o600 })
  }

  /** The page of a playground that runs on this folder right now. A file left by a killed one does not count. */
  async runningAt(): Promise<string | undefined> {
    const file = join(this.path, RUNNING)
    if (!existsSync(file)) return undefined
    try {
      const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string }
      const answer = await fetch(`${url}/api/state-folder`, { signal: AbortSignal.timeout(LOOK_WITHIN_MS) })
      return (await answer.text()) === this.path ? url : undefined
    } catch {
      return undefined
    }
  }

  markRunning(url: string): void {
    writeFileSync(join(this.path, RUNNING), JSON.stringify({ url, pid: process.pid }))
  }

  markStopped(): void {
    rmSync(join(this.path, RUNNING), { force: true })
  }

  /** Removes everything, but not the folders of runs that are alive. */
  empty(): void {
    for (const name of readdirSync(this.path)) if (name !== RUNS) removeTree(join(this.path, name))
    const runs = join(this.path, RUNS)
    if (!existsSync(runs)) return
    for (const pid of readdirSync(runs)) if (!isAlive(Number(pid))) removeTree(join(runs, pid))
    removeIfEmpty(runs)
  }

  remove(): void {
    removeTree(this.path)
    removeIfEmpty(join(this.path, '..'))
  }
}

const removeTree = (path: string): void =>
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path)
  } catch {
    // Another run has its folder there.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}
