import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { LarkApiError, LarkClientFactory } from '../src/lark'
import { PluginConfigReader } from '../src/cluster'
import { parseSettings, SettingsInvalidError } from '../src/settings'
import { Log } from '../src/shared'
import { SECRETS_FILE } from '../playground/run-record'
import { eventually } from './support/eventually'
import { findLeaks, PLANTED } from './support/secret-leaks'
import { World } from './support/world'

describe('the search that ends every run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plugin-lark-leaks-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('finds a secret in any file of output, names the place and not the secret', () => {
    writeFileSync(join(folder, SECRETS_FILE), `${PLANTED}\nthe-secret-of-an-app\n`)
    writeFileSync(join(folder, 'host-1.log'), 'a line\n{"appSecret":"the-secret-of-an-app"}\n')
    appendFileSync(join(folder, 'answers.log'), `fine\nauthorization: Bearer t-g1${'0a'.repeat(20)}\n`)
    const { planted, leaks } = findLeaks(folder)
    expect(planted).toEqual([])
    expect(leaks).toEqual([
      { file: 'answers.log', line: 'authorization: Bearer ***' },
      { file: 'host-1.log', line: '{"appSecret":"***"}' }
    ])
  })

  const ran = process.env.PLAYGROUND_RECORD ?? ''
  const plantedIn = (name: string): boolean =>
    findLeaks(ran).planted.some(({ file, line }) => file.startsWith(name) && line.includes('***'))

  it('sees what our own code logs inside jest, which no console shows', () => {
    const written = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockReturnValue(true))
    try {
      new Log('test').error(`a planted ${PLANTED}`)
      expect(written.flatMap(({ mock }) => mock.calls)).toEqual([])
    } finally {
      for (const write of written) write.mockRestore()
    }
    expect(plantedIn('jest-')).toBe(true)
  })

  it('sees what our own code writes inside jest', () => {
    process.stdout.write(`the search for secrets has to find ${PLANTED} in this line\n`)
    expect(
      findLeaks(ran).planted.some(({ line }) => line === 'the search for secrets has to find *** in this line')
    ).toBe(true)
  })

  it('sees what a host logs and what it answers, and knows the secrets of its integrations', async () => {
    const world = await World.create()
    await world.startHost({ instance: PLANTED })
    await eventually('the host has logged under its name', async () => plantedIn('host-'))
    const bot = await world.hire('webhook', { kind: 'stream', text: 'Hello' })
    await world.admin.viewData(bot.integrationId, 'lark_integration__diagnosis')
    const secrets = readFileSync(join(ran, SECRETS_FILE), 'utf8')
    expect(secrets).toContain(bot.app.appSecret)
    expect(secrets).toContain(bot.app.verificationToken)
    expect(readFileSync(join(ran, 'answers.log'), 'utf8')).toContain(bot.app.appId)
    await world.end()
  })
})

describe('what an error or a client shows of itself', () => {
  const appSecret = 'the-secret-that-nobody-prints'

  it('is no secret', () => {
    const factory = new LarkClientFactory(new PluginConfigReader(() => ({})))
    const { key } = factory.clientFor({ appId: 'cli_0123456789abcdef', appSecret, region: 'feishu' })
    expect(key).not.toContain(appSecret)
    const parse = () => parseSettings({ appId: 'cli_0123456789abcdef', appSecret, connectionMode: 'x' })
    expect(parse).toThrow(SettingsInvalidError)
    const errors: unknown[] = [new LarkApiError('credentials', { api: 'a', larkCode: 10014 })]
    try {
      parse()
    } catch (error) {
      errors.push(error)
    }
    for (const error of errors) {
      expect(`${String(error)} ${inspect(error, { depth: 9 })} ${JSON.stringify(error)}`).not.toContain(appSecret)
    }
  })
})
