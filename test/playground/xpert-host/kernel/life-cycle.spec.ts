import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '../../../support/database'
import { FixtureHost } from './fixture-host'

interface Contexts {
  clone: { bound: boolean; config: unknown }
  live: { bound: boolean; config: unknown }
}

describe('the life of a plugin in the host', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  const contexts = async (fixture: FixtureHost) =>
    (await fixture.host.login('admin').request<Contexts>('GET', '/api/fixture/contexts')).body
  const putConfig = (fixture: FixtureHost, config: object) =>
    fixture.host
      .login('admin')
      .request('PUT', '/api/plugin/configuration', { pluginName: '@playground/fixture-plugin', config })

  it('calls register, onPluginBootstrap, then the hooks of Nest, and never onInit, onStart or onStop', async () => {
    const fixture = await FixtureHost.start({}, database)
    const started = await fixture.calls()
    expect(started.map(({ name }) => name)).toEqual([
      'register',
      'onPluginBootstrap',
      'onModuleInit',
      'onApplicationBootstrap'
    ])
    expect(started[0].detail).toMatchObject({
      resolve: expect.stringContaining('not bound to a Nest application context yet')
    })
    expect(started[3].detail).toEqual({ api: fixture.host.url })

    await expect(fixture.host.stop()).resolves.toEqual({ code: null, signal: 'SIGTERM' })
    const lines = fixture.host.logs
      .filter((line) => line.startsWith('fixture '))
      .map((line) => line.slice('fixture '.length))
    expect(lines.slice(4)).toEqual(['onModuleDestroy', 'onPluginDestroy', 'onApplicationShutdown'])
    expect(lines).not.toEqual(expect.arrayContaining([expect.stringMatching(/^on(Init|Start|Stop)$/)]))
  })

  it('creates the tables of the entities that the plugin lists', async () => {
    const fixture = await FixtureHost.start({}, database)
    const { status } = await fixture.host.login('admin').request('POST', '/api/fixture/notes', { text: 'kept' })
    await fixture.end()
    expect(status).toBe(201)
    await expect(database.query('SELECT text FROM plugin_fixture_note')).resolves.toEqual([{ text: 'kept' }])
  })

  it('shows a ctx given as a value as a stale clone, and the live one through a factory', async () => {
    const fixture = await FixtureHost.start({}, database)
    expect(await contexts(fixture)).toMatchObject({ clone: { bound: false }, live: { bound: true } })
    await putConfig(fixture, { greeting: 'changed' })
    expect(await contexts(fixture)).toMatchObject({
      clone: { config: { greeting: 'hello' } },
      live: { config: { greeting: 'changed' } }
    })
    await fixture.end()
  })

  it('keeps a configuration over a restart, unless it is started with another one', async () => {
    const restarted = await FixtureHost.start({}, database)
    expect((await contexts(restarted)).live.config).toEqual({ greeting: 'changed' })
    await restarted.end()
    const installedAnew = await FixtureHost.start({ pluginConfig: { greeting: 'from the environment' } }, database)
    expect((await contexts(installedAnew)).live.config).toEqual({ greeting: 'from the environment' })
    await installedAnew.end()
  })

  it('answers an invalid configuration with 500 and starts with the unparsed one', async () => {
    const fixture = await FixtureHost.start({ pluginConfig: { greeting: 7 } }, database)
    expect((await contexts(fixture)).live.config).toEqual({ greeting: 7 })
    const { status } = await putConfig(fixture, { greeting: 8 })
    expect(status).toBe(500)
    const read = await fixture.host
      .login('admin')
      .request('POST', '/api/plugin/configuration', { pluginName: '@playground/fixture-plugin' })
    expect(read.body).toMatchObject({
      config: { greeting: 7 },
      configurationStatus: 'invalid',
      configSchema: { type: 'object', properties: { greeting: { type: 'string' } } }
    })
    await fixture.end()
  })

  it('lets two instances start at once on an empty database', async () => {
    const empty = await createTestDatabase()
    const both = await Promise.all([
      FixtureHost.start({ instance: 'one' }, empty),
      FixtureHost.start({ instance: 'two' }, empty)
    ])
    const answers = await Promise.all(both.map(({ host }) => host.login('viewer').request('GET', '/api/auth/me')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    await Promise.all(both.map((fixture) => fixture.end()))
    await empty.drop()
  })

  it('ends when the process that started it goes away', async () => {
    const root = join(__dirname, '../../../..')
    const host = spawn(
      process.execPath,
      ['-r', '@swc-node/register', '-r', './playground/clock/preload.ts', 'playground/xpert-host/main.ts'],
      {
        cwd: root,
        env: {
          ...process.env,
          DATABASE_URL: database.url,
          PLUGIN_DIR: join(__dirname, '../fixture-plugin'),
          PORT: '0'
        },
        stdio: ['ignore', 'pipe', 'ignore', 'ipc']
      }
    )
    await once(host.stdout as NodeJS.ReadableStream, 'data')
    const exited = once(host, 'exit')
    host.disconnect()
    await expect(exited).resolves.toEqual([1, null])
  })
})
