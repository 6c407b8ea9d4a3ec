import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from 'pg'

const repository = resolve(__dirname, '..', '..', '..')
const program = `
  const { startPostgres } = require('./playground/postgres')
  startPostgres(JSON.parse(process.env.OPTIONS)).then((postgres) => {
    process.on('SIGUSR2', () => postgres.stop().then(() => process.exit(0)))
    console.log(postgres.url)
    setInterval(() => undefined, 1000)
  }, (error) => { console.error(error); process.exit(1) })`

/** A process of its own that owns a PostgreSQL, as `npm start` does. */
async function owner(options: object, temporary: string): Promise<{ child: ChildProcess; url: string }> {
  const { DATABASE_URL: _given, ...env } = process.env
  const child = spawn(process.execPath, ['-r', '@swc-node/register', '-e', program], {
    cwd: repository,
    env: { ...env, TMPDIR: temporary, OPTIONS: JSON.stringify(options) },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const [line] = (await once(child.stdout as NodeJS.EventEmitter, 'data')) as [Buffer]
  return { child, url: line.toString().trim() }
}

/** Resolves when nothing accepts connections at the URL any more. */
async function gone(url: string): Promise<void> {
  for (;;) {
    const client = new Client({ connectionString: url })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await new Promise((next) => client.once('end', next))
    } catch (error) {
      if ((error as { code?: string }).code === 'ECONNREFUSED') return
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

describe('startPostgres', () => {
  let temporary: string
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'postgres-spec-'))
    chmodSync(temporary, 0o755)
  })
  afterEach(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 20 }))

  const leftovers = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('plugin-lark-postgres'))

  it.each(['SIGUSR2', 'SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
    'leaves no server and no file when its owner gets %s',
    async (signal) => {
      const { child, url } = await owner({}, temporary)
      expect(leftovers()).toHaveLength(1)
      child.kill(signal)
      await gone(url)
      while (leftovers().length > 0) await new Promise((next) => setImmediate(next))
    }
  )

  it('keeps data and password in a given folder from start to start', async () => {
    const options = { folder: join(temporary, 'state') }
    const first = await owner(options, temporary)
    const writer = new Client({ connectionString: first.url })
    await writer.connect()
    await writer.query('CREATE TABLE kept AS SELECT 42 AS answer')
    await writer.end()
    first.child.kill('SIGUSR2')
    await once(first.child, 'exit')

    const second = await owner(options, temporary)
    const reader = new Client({ connectionString: second.url })
    await reader.connect()
    expect((await reader.query('SELECT answer FROM kept')).rows).toEqual([{ answer: 42 }])
    await reader.end()
    second.child.kill('SIGUSR2')
    await once(second.child, 'exit')
    await gone(second.url)
  })

  const asRoot = process.getuid?.() === 0 ? it : it.skip
  asRoot('works, for as long as it runs, with a folder that the server user can not reach', async () => {
    const closed = mkdtempSync(join(temporary, 'closed-'))
    const { child, url } = await owner({ folder: join(closed, 'state') }, temporary)
    expect(existsSync(join(closed, 'state', 'data'))).toBe(false)
    expect(leftovers()).toHaveLength(1)
    child.kill('SIGUSR2')
    await once(child, 'exit')
    await gone(url)
    expect(leftovers()).toHaveLength(0)
  })
})
