import { randomUUID } from 'node:crypto'
import { XpertHost } from '../../playground/xpert-host/client'
import { ORGANIZATIONS, TENANTS } from '../../playground/xpert-host/seed'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}' } as const
const OTHER = { kind: 'stream', text: 'Somebody else heard: {input}' } as const

/** A binding is an expert's, and an expert has more than one id: each version is a row of its own. */
describe('an integration of one Digital Expert', () => {
  let world: World
  let hosts: [XpertHost, XpertHost]
  let bot: Bot

  beforeAll(async () => {
    world = await World.create()
    hosts = [await world.startHost({ instance: 'first' }), await world.startHost({ instance: 'second' })]
  })

  beforeEach(async () => {
    await world.database.query(`UPDATE xpert SET slug = gen_random_uuid()`)
    bot = await world.hire('webhook', ANSWER)
  })

  afterAll(() => world.end())

  const holder = async (): Promise<string | undefined> => {
    const [row] = await world.database.query<{ id: string }>(
      `SELECT xpert_id AS id FROM plugin_lark_binding WHERE integration_id = $1`,
      [bot.integrationId]
    )
    return row?.id
  }

  const config = (settings: Record<string, unknown> = {}) => ({ integrationId: bot.integrationId, ...settings })

  const publish = (expertId: string, host: XpertHost = world.host) =>
    host.login('admin').publish(expertId, { provider: 'lark', config: config({ sessionTimeoutSeconds: 7200 }) })

  /** The bot's expert got a new version; the id of the former one. */
  const formerVersion = async (): Promise<string> => {
    await world.admin.publish(bot.expertId, { provider: 'lark', config: config() }, { newVersion: true })
    const versions = await world.admin.versions(bot.expertId)
    return versions.find(({ id }) => id !== bot.expertId)!.id
  }

  const anotherExpert = async (): Promise<string> =>
    (await world.admin.createExpert({ name: 'Grace', script: OTHER })).id

  const change = (expertId: string, assignment: string, value?: unknown) =>
    world.database.query(`UPDATE xpert SET ${assignment} WHERE id = $1`, [
      expertId,
      ...(value === undefined ? [] : [value])
    ])

  const expectAnswer = async (text: string): Promise<void> => {
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: text })
  }

  const expectRefusal = async (expertId: string, sentence: string): Promise<void> => {
    expect(await world.admin.validateTrigger(expertId, config())).toMatchObject([
      { field: 'integrationId', level: 'error', message: { en_US: sentence } }
    ])
    expect((await publish(expertId)).status).toBe(400)
    expect(await holder()).toBe(bot.expertId)
  }

  it('is had by the version that is set as latest', async () => {
    const former = await formerVersion()
    await world.admin.setAsLatest(former)
    expect(await world.admin.validateTrigger(former, config())).toEqual([])
    expect((await publish(former)).status).toBe(201)
    expect(await holder()).toBe(former)
    await expectAnswer('You said: hello')
    expect(await world.admin.waitForRuns(former, 1)).toHaveLength(1)
    expect((await publish(bot.expertId)).status).toBe(400)
    expect(await holder()).toBe(former)
  })

  it.each([
    ['is gone', `DELETE FROM xpert WHERE id = $1`],
    ['is marked as deleted', `UPDATE xpert SET "deletedAt" = now() WHERE id = $1`]
  ])('is had by another expert when the row of its own %s', async (_what, statement) => {
    await world.database.query(statement, [bot.expertId])
    const expertId = await anotherExpert()
    expect(await world.admin.validateTrigger(expertId, config())).toEqual([])
    expect((await publish(expertId)).status).toBe(201)
    expect(await holder()).toBe(expertId)
    await expectAnswer('Somebody else heard: hello')
  })

  it('is not had by another expert, and the refusal names the one that has it', async () => {
    await expectRefusal(await anotherExpert(), 'The Lark integration is bound to another Digital Expert: Ada.')
  })

  it('is not had by a former version', async () => {
    await expectRefusal(await formerVersion(), 'The Lark integration is bound to another Digital Expert: Ada.')
  })

  it.each<[string, string, unknown]>([
    ['slug', 'slug = $2', 'ada-too'],
    ['workspace', '"workspaceId" = $2', randomUUID()],
    ['type', 'type = $2', 'knowledge'],
    ['organisation', '"organizationId" = $2', ORGANIZATIONS.second.id]
  ])('is not had by what differs in its %s from a former version', async (_what, assignment, value) => {
    const former = await formerVersion()
    await world.admin.setAsLatest(former)
    await change(bot.expertId, assignment, value)
    await expectRefusal(former, 'The Lark integration is bound to another Digital Expert: Ada.')
  })

  it('is not had by what differs in its tenant, and that one is not named', async () => {
    const former = await formerVersion()
    await world.admin.setAsLatest(former)
    await change(bot.expertId, '"tenantId" = $2', TENANTS.second.id)
    await expectRefusal(former, 'The Lark integration is bound to another Digital Expert.')
  })

  it('is not had while two versions are the latest', async () => {
    const former = await formerVersion()
    await change(former, 'latest = true')
    await expectRefusal(former, 'The Lark integration is bound to another Digital Expert: Ada.')
  })

  it('that has lost its binding has it again by a publish that changes a setting, and by no other', async () => {
    await world.database.query(`DELETE FROM plugin_lark_binding WHERE integration_id = $1`, [bot.integrationId])
    const again = { provider: 'lark', config: config() }
    expect((await world.admin.publish(bot.expertId, again)).status).toBe(201)
    expect(await holder()).toBeUndefined()
    const changed = { provider: 'lark', config: config({ sessionTimeoutSeconds: 3601 }) }
    expect((await world.admin.publish(bot.expertId, changed)).status).toBe(201)
    expect(await holder()).toBe(bot.expertId)
    await expectAnswer('You said: hello')
  })

  it('is had by one of those that publish at once, on whichever instance', async () => {
    await world.database.query(`DELETE FROM xpert WHERE id = $1`, [bot.expertId])
    const experts = await Promise.all(Array.from({ length: 6 }, anotherExpert))
    const answers = await Promise.all(experts.map((id, index) => publish(id, hosts[index % 2])))
    const winners = experts.filter((_id, index) => answers[index]!.status === 201)
    expect(winners).toEqual([await holder()])
  })
})
