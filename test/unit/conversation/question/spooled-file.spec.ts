import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { FileTooLargeError, SpooledFile } from '../../../../src/conversation/question/spooled-file'

const run = promisify(execFile)

const NEVER = new AbortController().signal

describe('a spooled file', () => {
  let folder: string

  // The machine's own folder is everybody's.
  beforeAll(async () => {
    folder = await mkdtemp(join(os.tmpdir(), 'spooled-'))
    jest.spyOn(os, 'tmpdir').mockReturnValue(folder)
  })

  afterAll(async () => {
    jest.restoreAllMocks()
    await rm(folder, { recursive: true })
  })

  const leftBehind = (): Promise<string[]> => readdir(folder)

  it('gives back what came, and has no name that anybody else could open', async () => {
    const file = await SpooledFile.from(Readable.from([Buffer.alloc(300, 1), Buffer.alloc(400, 2)]), 1_000, NEVER)

    expect(await leftBehind()).toEqual([])
    expect(file.bytes).toBe(700)
    expect(file.head).toHaveLength(512)
    expect(await file.use(async (bytes) => Buffer.from(bytes))).toEqual(
      Buffer.concat([Buffer.alloc(300, 1), Buffer.alloc(400, 2)])
    )
    await file.close()
  })

  it('ends at its limit, and stops the stream', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(100)
      })()
    )

    await expect(SpooledFile.from(endless, 1_000, NEVER)).rejects.toThrow(FileTooLargeError)
    expect(endless.destroyed).toBe(true)
    expect(await leftBehind()).toEqual([])
  })

  it('takes exactly as much as is allowed, and nothing at all', async () => {
    const full = await SpooledFile.from(Readable.from([Buffer.alloc(1_000)]), 1_000, NEVER)
    const empty = await SpooledFile.from(Readable.from([]), 1_000, NEVER)

    expect([full.bytes, empty.bytes]).toEqual([1_000, 0])
    await Promise.all([full.close(), empty.close()])
  })

  it('stops the stream when there is no place for it', async () => {
    const root = join(__dirname, '..', '..', '..', '..')
    const script = `
      const { Readable } = require('node:stream')
      const { SpooledFile } = require('./src/conversation/question/spooled-file')
      const silent = new Readable({ read: () => undefined })
      SpooledFile.from(silent, 1_000, new AbortController().signal)
        .catch(({ code }) => console.log(code, silent.destroyed))`
    // Of its own process: the folder of this one is everybody's.
    const { stdout } = await run(process.execPath, ['-r', './scripts/register.cjs', '-e', script], {
      cwd: root,
      env: { ...process.env, TMPDIR: join(root, 'no-such-folder') }
    })
    expect(stdout.trim()).toBe('ENOENT true')
  })

  it('fails as the stream does, and when nobody wants it any more', async () => {
    const broken = Readable.from(
      (function* () {
        yield Buffer.alloc(10)
        throw new Error('broken')
      })()
    )
    await expect(SpooledFile.from(broken, 1_000, NEVER)).rejects.toThrow('broken')

    const control = new AbortController()
    const silent = new Readable({ read: () => undefined })
    const waiting = SpooledFile.from(silent, 1_000, control.signal)
    control.abort()
    await expect(waiting).rejects.toThrow('given up')
    expect(await leftBehind()).toEqual([])
  })
})
