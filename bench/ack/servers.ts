import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { XpertHost } from '../../playground/xpert-host/client'
import { pluginFolder } from '../support/plugin-folder'
import type { DoorKeys } from './door'

const ROOT = resolve(__dirname, '../..')

export interface Door {
  url: string
  /** Of a host: milliseconds of processor that its process has taken since it began. */
  processorMs?(): Promise<number>
  stop(): Promise<void>
}

/** A bare Node server in a process of its own; with a database each request is one INSERT. */
export async function bareServer(keys: DoorKeys, databaseUrl?: string): Promise<Door> {
  const child: ChildProcess = spawn(process.execPath, ['-r', './scripts/register.cjs', 'bench/ack/bare-server.ts'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production', DOOR_KEYS: JSON.stringify(keys), DATABASE_URL: databaseUrl ?? '' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc']
  })
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  return {
    url: line.toString().trim(),
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
}

/** The playground host with a plugin that has one empty route; `inserts`: each request is one INSERT before its answer. */
export async function emptyRoute(keys: DoorKeys, databaseUrl: string, inserts = false): Promise<Door> {
  const plugin = pluginFolder(join(__dirname, 'empty-plugin.ts'))
  const host = await XpertHost.spawn({
    databaseUrl,
    pluginDir: plugin.dir,
    env: { DOOR_KEYS: JSON.stringify(keys), DOOR_INSERTS: inserts ? '1' : '' }
  })
  return {
    url: host.url,
    processorMs: () => host.processorMs(),
    stop: async () => {
      await host.stop()
      plugin.remove()
    }
  }
}
