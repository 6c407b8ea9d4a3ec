import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface PostgresOptions {
  /** Where the cluster lives across starts. Without it everything is temporary and goes at the end. */
  folder?: string
  /** false (default without a folder): no fsync, no waiting for the disk on commit. For tests and throw-away runs. */
  durable?: boolean
  /** true: a server of its own even where DATABASE_URL names one. */
  own?: boolean
}

export interface RunningPostgres {
  /** postgres://user:password@127.0.0.1:port/postgres, or DATABASE_URL as it was given. */
  readonly url: string
  /** true when DATABASE_URL named the server: it is not ours to stop. */
  readonly external: boolean
  /** Ends the server at once, without a word to its clients, as a crash would; `comeBack` starts it on the same port. */
  goDown(): Promise<void>
  comeBack(): Promise<void>
  stop(): Promise<void>
}

type KeeperMessage = { url: string } | { done: KeeperCommand } | { error: string }
export type KeeperCommand = 'go-down' | 'come-back'

/**
 * A PostgreSQL on a free loopback port, or the one of DATABASE_URL. A child process keeps it (keeper.ts), so that it ends
 * with this process whatever way this process ends. Throws with the server's own log when it does not start.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const given = options.own ? undefined : process.env.DATABASE_URL
  if (given) {
    const refuse = () => Promise.reject(new Error('the server of DATABASE_URL is not ours'))
    return { url: given, external: true, goDown: refuse, comeBack: refuse, stop: async () => undefined }
  }
  // Detached: Ctrl-C must reach the owner first, who stops the users of the database before the database.
  const keeper = fork(
    join(__dirname, 'keeper.ts'),
    [JSON.stringify({ ...options, durable: options.durable ?? !!options.folder })],
    {
      cwd: join(__dirname, '..', '..'),
      execArgv: ['-r', '@swc-node/register'],
      env: { ...process.env, SWC_NODE_PROJECT: 'tsconfig.json' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true
    }
  )
  const url = await readyUrl(keeper)
  keeper.unref()
  keeper.channel?.unref()
  return {
    url,
    external: false,
    goDown: () => tell(keeper, 'go-down'),
    comeBack: () => tell(keeper, 'come-back'),
    stop: () => stopKeeper(keeper)
  }
}

async function tell(keeper: ChildProcess, command: KeeperCommand): Promise<void> {
  keeper.channel?.ref()
  try {
    const answered = once(keeper, 'message') as Promise<[KeeperMessage]>
    keeper.send(command)
    const [message] = await answered
    if (!('done' in message)) throw new Error(`PostgreSQL did not ${command}: ${JSON.stringify(message)}`)
  } finally {
    keeper.channel?.unref()
  }
}

function readyUrl(keeper: ChildProcess): Promise<string> {
  let noise = ''
  keeper.stderr?.on('data', (chunk: Buffer) => (noise += chunk.toString()))
  return new Promise((resolve, reject) => {
    keeper.once('message', (message: KeeperMessage) => {
      keeper.stderr?.destroy()
      if ('url' in message) resolve(message.url)
      else reject(new Error(`PostgreSQL did not start: ${JSON.stringify(message)}`))
    })
    keeper.once('error', reject)
    keeper.once('exit', (code, signal) => reject(new Error(`PostgreSQL's keeper ended (${signal ?? code}). ${noise}`)))
  })
}

async function stopKeeper(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return
  const gone = once(keeper, 'exit')
  keeper.ref()
  if (keeper.connected) keeper.disconnect()
  else keeper.kill('SIGTERM')
  await gone
}
