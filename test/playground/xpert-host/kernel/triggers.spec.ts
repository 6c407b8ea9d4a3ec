import { createTestDatabase, type TestDatabase } from '../../../support/database'
import { FixtureHost } from './fixture-host'

const script = { kind: 'stream', text: 'hello' } as const

describe('triggers', () => {
  let database: TestDatabase
  let fixture: FixtureHost
  let xpertId: string
  let count = 0
  beforeAll(async () => {
    database = await createTestDatabase()
    fixture = await FixtureHost.start({}, database)
  })
  afterAll(async () => {
    await fixture.end()
    await database.drop()
  })
  beforeEach(async () => {
    xpertId = (await admin().createExpert({ name: `expert ${(count += 1)}`, script })).id
    await fixture.forget()
  })

  const admin = () => fixture.host.login('admin')
  const publish = (config: Record<string, unknown>, provider = 'fixture') =>
    admin().publish(xpertId, { provider, config })
  const done = async () => (await fixture.calls('publish', 'stop')).map(({ name, detail }) => [name, detail?.config])

  it('are validated twice with their node, and published without it by the publishing user', async () => {
    expect((await publish({ chat: 1 })).status).toBe(201)
    const calls = await fixture.calls()
    expect(calls.map(({ name }) => name)).toEqual(['validate', 'validate', 'publish'])
    expect(calls[0].detail).toEqual({ node: true })
    expect(calls[2].detail).toEqual({ xpertId, config: { chat: 1 }, user: expect.stringMatching(/^3/) })
  })

  it('are left alone when nothing changed, whatever the order of the keys', async () => {
    await publish({ a: 1, b: { c: 2, d: 3 } })
    await fixture.forget()
    await publish({ b: { d: 3, c: 2 }, a: 1 })
    expect(await done()).toEqual([])
  })

  it('are stopped with the old configuration before the new one is published', async () => {
    await publish({ chat: 1 })
    await publish({ chat: 2 })
    expect(await done()).toEqual([
      ['publish', { chat: 1 }],
      ['stop', { chat: 1 }],
      ['publish', { chat: 2 }]
    ])
  })

  it('are stopped when the node is removed and when the expert is deleted', async () => {
    await publish({ chat: 1 })
    await admin().unpublish(xpertId)
    await publish({ chat: 2 })
    await admin().deleteExpert(xpertId)
    expect(await done()).toEqual([
      ['publish', { chat: 1 }],
      ['stop', { chat: 1 }],
      ['publish', { chat: 2 }],
      ['stop', { chat: 2 }]
    ])
  })

  it('abort publishing with what they throw, and the former one is published again', async () => {
    await publish({ chat: 1 })
    const { status } = await publish({ failPublish: true })
    expect(status).toBe(500)
    expect(await done()).toEqual([
      ['publish', { chat: 1 }],
      ['stop', { chat: 1 }],
      ['publish', { failPublish: true }],
      ['publish', { chat: 1 }]
    ])
  })

  it('are not published again with what they have refused once, although they never took it', async () => {
    expect((await publish({ failPublish: true })).status).toBe(500)
    await fixture.forget()
    expect((await publish({ failPublish: true })).status).toBe(201)
    expect(await done()).toEqual([])
  })

  it('learn nothing of versions: the new one has the id of the old one, and setting another as latest moves a flag', async () => {
    await publish({ chat: 1 })
    await admin().publish(xpertId, { provider: 'fixture', config: { chat: 1 } }, { newVersion: true })
    const former = (await admin().versions(xpertId)).find(({ id }) => id !== xpertId)!
    await admin().setAsLatest(former.id)
    expect(await admin().versions(former.id)).toEqual(
      expect.arrayContaining([
        { id: xpertId, version: '2', latest: false },
        { id: former.id, version: '1', latest: true }
      ])
    )
    await admin().publish(former.id, { provider: 'fixture', config: { chat: 1 } })
    expect(await done()).toEqual([['publish', { chat: 1 }]])
  })

  it('may start the expert by their callback, and nobody hears the answer', async () => {
    await publish({ start: 'good morning' })
    const [run] = await admin().waitForRuns(xpertId, 1)
    expect(run).toMatchObject({ input: 'good morning', options: { from: 'fixture' } })
  })

  it('block publishing with their own findings', async () => {
    await expect(admin().validateTrigger(xpertId, { invalid: true }, 'fixture')).resolves.toEqual([
      expect.objectContaining({ ruleCode: 'FIXTURE' })
    ])
    expect((await publish({ invalid: true })).status).toBe(400)
    expect(await done()).toEqual([])
  })

  it('are published again at every start, by nobody, unless they ask to be skipped', async () => {
    await publish({ chat: 'replayed' })
    const skipped = await admin().createExpert({ name: 'skipped', script })
    await admin().publish(skipped.id, { provider: 'fixture-skip', config: { chat: 'skipped' } })
    const restarted = await FixtureHost.start({}, database)
    const replayed = await restarted.calls('publish')
    await restarted.end()
    expect(replayed.map(({ detail }) => detail)).toContainEqual({ xpertId, config: { chat: 'replayed' }, user: null })
    expect(replayed.map(({ detail }) => detail?.config)).not.toContainEqual({ chat: 'skipped' })
  })

  it('are not found at a start when their plugin belongs to another tenant, and keep working there', async () => {
    const own = await createTestDatabase()
    const env = { PLUGIN_TENANT: 'second', LOG_LEVEL: 'warn' }
    const second = await FixtureHost.start({ env }, own)
    const session = second.host.login('admin', { tenant: 'second' })
    const expert = await session.createExpert({ name: 'expert', script })
    expect((await session.publish(expert.id, { provider: 'fixture', config: { chat: 1 } })).status).toBe(201)
    await second.end()
    const restarted = await FixtureHost.start({ env }, own)
    expect(restarted.host.logs.join('\n')).toContain(`Trigger fixture of expert ${expert.id} has no strategy`)
    expect(
      (
        await restarted.host
          .login('admin', { tenant: 'second' })
          .publish(expert.id, { provider: 'fixture', config: { chat: 2 } })
      ).status
    ).toBe(201)
    await restarted.end()
    await own.drop()
  })
})
