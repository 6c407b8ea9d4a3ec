import { ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { recordOutput } from '../run-record'

export interface SpawnOptions {
  /** 0 = a free one. */
  port?: number
  clock?: { now?: number; rate?: number }
  /** Root of the checkout; default: the one that holds this file. */
  cwd?: string
}

export interface SimulatorProcess {
  url: string
  stop(): Promise<void>
}

const STOP_LIMIT_MS = 3000

/** Starts main.ts and waits for its ready line. The IPC channel makes the child die with its parent. */
export async function startSimulatorProcess(options: SpawnOptions): Promise<SimulatorProcess> {
  const root = options.cwd ?? join(__dirname, '..', '..')
  const args = [
    '-r',
    '@swc-node/register',
    '-r',
    join(root, 'playground/clock/preload.ts'),
    join(root, 'playground/lark-simulator/main.ts'),
    '--port',
    String(options.port ?? 0)
  ]
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '', ...clockEnvironment(options.clock) }
  })
  const errors: string[] = []
  child.stderr?.on('data', (chunk: Buffer) => {
    errors.push(chunk.toString('utf8'))
    recordOutput(`simulator-${child.pid}`, chunk.toString('utf8'))
  })
  const url = await readyLine(child, errors)
  // A parent that forgets stop() must still be able to end.
  child.unref()
  child.channel?.unref()
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref()
  return { url, stop: () => stopChild(child) }
}

function clockEnvironment(clock: SpawnOptions['clock']): Record<string, string> {
  return {
    PLAYGROUND_CLOCK_NOW: clock?.now === undefined ? '' : String(clock.now),
    PLAYGROUND_CLOCK_RATE: clock?.rate === undefined ? '' : String(clock.rate)
  }
}

function readyLine(child: ChildProcess, errors: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(new Error(`lark simulator: ${reason}\n${errors.join('')}`))
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code) => fail(`ended with ${code} before it was ready`))
    if (!child.stdout) return fail('no stdout')
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      const ready = line.startsWith('{"ready":true') ? (JSON.parse(line) as { url: string }) : undefined
      if (ready) resolve(ready.url)
    })
  })
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
    child.once('exit', () => {
      clearTimeout(force)
      resolve()
    })
    child.kill('SIGTERM')
  })
}
