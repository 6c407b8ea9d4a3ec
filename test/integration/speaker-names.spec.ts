import { DataSource } from 'typeorm'
import { SpeakerNames } from '../../src/directory'
import { LarkReaction } from '../../src/lark'
import { LarkIntegration } from '../../src/settings'
import { createTestDatabase, TestDatabase } from '../support/database'
import { FakeLark, larkError } from '../support/fake-lark'
import { openPluginTables } from '../support/plugin-tables'
import { FakeContents } from '../support/question-parts'
import { TestClock } from '../support/webhook-parts'

const INTEGRATION = { id: 'integration', settings: {} } as LarkIntegration

describe('what people are called', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let lark: FakeContents
  let apis: FakeLark
  let names: SpeakerNames
  let clock: TestClock

  beforeEach(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    lark = new FakeContents()
    apis = new FakeLark()
    apis.scopes = new Set(['contact:contact.base:readonly'])
    clock = new TestClock()
    names = new SpeakerNames(dataSource, lark, apis, clock)
  })

  afterEach(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const record = (openId: string, name: string | null) =>
    dataSource.query(
      `INSERT INTO plugin_lark_user (integration_id, tenant_id, open_id, source, last_seen_at, name)
       VALUES ('integration', 'tenant', $1, 'message', now(), $2)`,
      [openId, name]
    )
  const of = async (...openIds: string[]) => Object.fromEntries(await names.of(INTEGRATION, openIds))

  it('is known from what was recorded, and from who was mentioned, without asking Lark', async () => {
    await record('ou_1', 'Ann')
    names.learn('integration', { mentions: [{ key: '@_user_1', openId: 'ou_2', name: 'Bob' }] })

    expect(await of('ou_1', 'ou_2', '')).toEqual({ ou_1: 'Ann', ou_2: 'Bob' })
    expect(lark.asked).toEqual([])
  })

  it('is asked of Lark once, however many ask at once, and recorded', async () => {
    await record('ou_1', null)
    lark.names.set('ou_1', 'Ann')

    expect(await Promise.all([of('ou_1'), of('ou_2'), of('ou_1', 'ou_2')])).toEqual([
      { ou_1: 'Ann' },
      {},
      { ou_1: 'Ann' }
    ])
    expect(await of('ou_1', 'ou_2')).toEqual({ ou_1: 'Ann' })
    // One call, mostly: who asks a moment later has a call of their own.
    expect(lark.asked.flat().sort()).toEqual(['ou_1', 'ou_2'])
    expect(await dataSource.query(`SELECT name FROM plugin_lark_user`)).toEqual([{ name: 'Ann' }])
  })

  it('is not asked again where the app may not read names', async () => {
    lark.refusal = larkError('forbidden')

    expect([await of('ou_1'), await of('ou_2')]).toEqual([{}, {}])
    expect(lark.asked).toHaveLength(1)
  })

  it.each<[LarkReaction, number]>([
    ['forbidden', 60],
    ['unknown_outcome', 1],
    ['slow_down', 1],
    ['retry', 1]
  ])('is asked again after %s when %i min have passed, and not before', async (reaction, minutes) => {
    lark.refusal = larkError(reaction)
    await of('ou_1')
    lark.refusal = undefined
    lark.names.set('ou_1', 'Ann')

    clock.advance(minutes * 60_000 - 1_000)
    expect(await of('ou_1')).toEqual({})
    clock.advance(2_000)
    expect(await of('ou_1')).toEqual({ ou_1: 'Ann' })
  })

  it('is kept for a day, and asked again after it', async () => {
    names.learn('integration', { mentions: [{ key: '@_user_1', openId: 'ou_1', name: 'Ann' }] })
    lark.names.set('ou_1', 'Anna')

    clock.advance(24 * 3_600_000 - 1_000)
    expect(await of('ou_1')).toEqual({ ou_1: 'Ann' })
    clock.advance(2_000)
    expect(await of('ou_1')).toEqual({ ou_1: 'Anna' })
  })

  it('is not even asked where the app was not given the right to', async () => {
    apis.scopes = new Set(['im:message:send_as_bot'])

    expect(await of('ou_1')).toEqual({})
    expect(lark.asked).toEqual([])
  })

  it('is not waited for when Lark is silent', async () => {
    lark.readNames = () => new Promise(() => undefined)

    expect(await of('ou_1')).toEqual({})
  })
})
