import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { recordOutput } from '../run-record'
import { requestJson } from './client/http'
import { Session } from './client/session'
import type { FaultMode, FaultyService } from './control/host-faults'
import { emailOf, ORGANIZATIONS, TENANTS, type SeededOrganization, type SeededTenant, type SeededUser } from './seed'

export { Session } from './client/session'
export type { ChecklistItem, HostConversation, HostRun, Integration, Manifest, QueueStats } from './client/shapes'
export type { ExpertScript } from './handoff/handoff-message'

export interface HostOptions {
  databaseUrl: string
  pluginConfig?: Record<string, unknown>
  /** Default: a free one. */
  port?: number
  instance?: string
  pluginDir?: string
  apiBaseUrl?: string
  queueSlots?: number
  stalledAfterMs?: number
  callbackDisorder?: number
  callbackRepeat?: number
  /** A folder for experts' files, which instances share; without one the host has no workspace files. */
  workspaceDir?: string
  env?: Record<string, string>
  clock?: { now?: number; rate?: number }
  /** Every line that the child writes. */
  onLog?: (line: string) => void
}

export interface HostExit {
  code: number | null
  signal: string | null
}

export interface ClockState {
  now: number
  rate: number
}

const ROOT = resolve(__dirname, '../..')
/** A start takes about two seconds; a machine that is busy with other hosts makes it many times that. */
const READY_WITHIN_MS = 90_000
const LOGS_KEPT = 5_000

/** A playground host in a child process. */
export class XpertHost {
  readonly logs: string[] = []
  readonly exited: Promise<HostExit>
  url = ''

  private constructor(
    private readonly child: ChildProcess,
    private readonly onLog?: (line: string) => void
  ) {
    // What it wrote last comes after its exit.
    this.exited = once(child, 'close').then(([code, signal]) => ({ code, signal }) as HostExit)
  }

  get pid(): number {
    return this.child.pid as number
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Rejects with the child's log when it does not get ready within 90 s. */
  static async spawn(options: HostOptions): Promise<XpertHost> {
    const preloads = ['@swc-node/register', './playground/clock/preload.ts'].flatMap((file) => ['-r', file])
    const child = spawn(process.execPath, [...preloads, 'playground/xpert-host/main.ts'], {
      cwd: ROOT,
      env: environment(options),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc']
    })
    const host = new XpertHost(child, options.onLog)
    try {
      host.url = await host.ready()
      return host
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  }

  /** SIGKILL resolves when the process is gone; SIGSTOP and SIGCONT when the signal is sent. */
  async kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    this.child.kill(signal)
    if (signal === 'SIGKILL') await this.exited
  }

  /** Stops it the way a deployment does: SIGTERM, then wait. */
  async stop(): Promise<HostExit> {
    this.child.kill('SIGTERM')
    return this.exited
  }

  login(user: SeededUser, where: { tenant?: SeededTenant; organization?: SeededOrganization } = {}): Session {
    const tenant = where.tenant ?? (where.organization ? ORGANIZATIONS[where.organization].tenant : 'default')
    const organization = where.organization ?? (tenant === 'default' ? 'first' : 'second')
    return new Session(() => this.url, {
      email: emailOf(user, tenant),
      headers: {
        'tenant-id': TENANTS[tenant].id,
        'organization-id': ORGANIZATIONS[organization].id,
        'x-scope-level': 'organization'
      }
    })
  }

  clock(): Promise<ClockState> {
    return requestJson<ClockState>(`${this.url}/_control/clock`)
  }

  changeClock(change: { now?: number; advanceMs?: number; rate?: number }): Promise<ClockState> {
    return requestJson<ClockState>(`${this.url}/_control/clock`, { method: 'POST', body: change })
  }

  /** How the plugin's calls of a service of this process go from now on. */
  async fault(service: FaultyService, mode: FaultMode): Promise<void> {
    await requestJson(`${this.url}/_control/faults/${service}`, { method: 'POST', body: { mode } })
  }

  /** Bytes that the process holds on to, after a garbage collection; `resources`: sockets, timers and calls under way. */
  memory(): Promise<{ heapUsed: number; external: number; rss: number; resources: number }> {
    return requestJson(`${this.url}/_control/memory`)
  }

  /** Milliseconds of processor that the process has taken since it began. */
  async processorMs(): Promise<number> {
    return (await requestJson<{ ms: number }>(`${this.url}/_control/processor-time`)).ms
  }

  private async ready(): Promise<string> {
    const { stdout, stderr } = this.child
    if (!stdout || !stderr) throw new Error('The host has no output')
    createInterface(stderr).on('line', (line) => this.keep(line))
    return new Promise<string>((resolveUrl, reject) => {
      const fail = (reason: string) =>
        reject(new Error(`The host did not get ready: ${reason}\n${this.logs.join('\n')}`))
      const timer = setTimeout(() => fail('90 s are over'), READY_WITHIN_MS)
      void this.exited
        .then(({ code, signal }) => fail(`it ended with ${signal ?? code}`))
        .finally(() => clearTimeout(timer))
      createInterface(stdout).on('line', (line) => {
        const url = readyUrl(line)
        if (!url) return this.keep(line)
        clearTimeout(timer)
        resolveUrl(url)
      })
    })
  }

  private keep(line: string): void {
    recordOutput(`host-${this.child.pid}`, line)
    this.logs.push(line)
    if (this.logs.length > LOGS_KEPT) this.logs.shift()
    this.onLog?.(line)
  }
}

function readyUrl(line: string): string | undefined {
  if (!line.startsWith('{"ready":true')) return undefined
  return (JSON.parse(line) as { url: string }).url
}

function environment(options: HostOptions): NodeJS.ProcessEnv {
  const { clock = {} } = options
  const given: Record<string, unknown> = {
    DATABASE_URL: options.databaseUrl,
    PORT: options.port ?? 0,
    HOST_INSTANCE: options.instance,
    PLUGIN_DIR: options.pluginDir,
    PLUGIN_CONFIG: options.pluginConfig && JSON.stringify(options.pluginConfig),
    API_BASE_URL: options.apiBaseUrl,
    QUEUE_SLOTS: options.queueSlots,
    STALLED_AFTER_MS: options.stalledAfterMs,
    CALLBACK_DISORDER: options.callbackDisorder,
    CALLBACK_REPEAT: options.callbackRepeat,
    WORKSPACE_DIR: options.workspaceDir,
    PLAYGROUND_CLOCK_NOW: clock.now,
    PLAYGROUND_CLOCK_RATE: clock.rate
  }
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  return {
    ...process.env,
    NODE_ENV: 'production',
    SWC_NODE_PROJECT: 'tsconfig.json',
    // A plugin outside this folder finds NestJS, TypeORM and its other peers where the real host has them: above it.
    NODE_PATH: join(ROOT, 'node_modules'),
    ...Object.fromEntries(set.map(([key, value]) => [key, String(value)])),
    ...options.env
  }
}
