import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StateFolder } from '../../../playground/start/state-folder'

describe('StateFolder', () => {
  let path: string
  let state: StateFolder
  let page: Server | undefined
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), 'state-spec-')), '.state')
    state = new StateFolder(path)
  })
  afterEach(() => {
    page?.close()
    page = undefined
    rmSync(join(path, '..'), { recursive: true, force: true })
  })

  const servePage = async (answer: string): Promise<string> => {
    page = createServer((_request, response) => response.end(answer)).listen(0, '127.0.0.1')
    await new Promise((done) => page?.once('listening', done))
    return `http://127.0.0.1:${(page.address() as AddressInfo).port}`
  }

  it('keeps the secrets of the simulated apps to its owner', () => {
    state.remember({})
    expect(statSync(join(path, 'playground.json')).mode & 0o777).toBe(0o600)
    expect(state.memory()).toEqual({})
  })

  it('knows that a playground runs on it', async () => {
    const url = await servePage(path)
    state.markRunning(url)
    expect(await state.runningAt()).toBe(url)
    state.markStopped()
    expect(await state.runningAt()).toBeUndefined()
  })

  it('does not believe the note of a killed playground, nor that of another folder', async () => {
    const url = await servePage('/somewhere/else')
    state.markRunning(url)
    expect(await state.runningAt()).toBeUndefined()
    await new Promise((done) => page?.close(done))
    expect(await state.runningAt()).toBeUndefined()
  })

  it('empties everything but the folder of a run that is alive', () => {
    writeFileSync(join(path, 'playground.json'), '{}')
    const alive = state.forOneRun()
    const pidOfNobody = '999999999'
    mkdirSync(join(path, 'runs', pidOfNobody))
    state.empty()
    expect(readdirSync(path)).toEqual(['runs'])
    expect(readdirSync(join(path, 'runs'))).toEqual([String(process.pid)])
    alive.remove()
    expect(existsSync(join(path, 'runs'))).toBe(false)
  })
})
