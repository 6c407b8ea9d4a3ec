import { randomUUID } from 'node:crypto'
import { SimUser } from '../../playground/lark-simulator/client'
import { roleIdOf, TENANTS, userIdOf } from '../../playground/xpert-host/seed'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}' } as const
const TENANT = TENANTS.default.id

interface PlatformUser {
  id: string
  roleId: string | null
  firstName: string | null
  tenantId: string
}

describe('who a sender is on the platform', () => {
  let world: World
  let bot: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
    await world.startHost({ instance: 'second' })
    bot = await world.hire('webhook', ANSWER)
  })

  afterAll(() => world.end())

  const ask = async ({ userId }: SimUser, text = 'hello', to: Bot = bot): Promise<void> => {
    const { messageId, chatId } = await world.lark.say({ userId, appId: to.app.appId, text })
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: text })
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')
  }

  /** The label that the host was given with the last run. */
  const label = async (to: Bot = bot): Promise<string | null | undefined> => {
    const rows = await world.database.query<{ label: string | null }>(
      `SELECT "fromEndUserId" AS label FROM chat_conversation WHERE "xpertId" = $1 ORDER BY "createdAt" DESC LIMIT 1`,
      [to.expertId]
    )
    return rows[0]?.label
  }

  const provision = async (userProvision: Record<string, unknown>, more: Record<string, unknown> = {}) => {
    const { options } = await world.admin.getIntegration(bot.integrationId)
    await world.admin.updateIntegration(bot.integrationId, { options: { ...options, ...more, userProvision } })
    await aMinutePasses()
  }

  /** Nothing that an instance remembers of options or senders lives longer. */
  const aMinutePasses = () => world.advance(61_000)

  const usersOf = (unionId: string): Promise<PlatformUser[]> =>
    world.database.query<PlatformUser>(`SELECT * FROM "user" WHERE "thirdPartyId" = $1`, [unionId])

  const insertUser = async (patch: Record<string, unknown>): Promise<string> => {
    const id = randomUUID()
    const row: Record<string, unknown> = { id, tenantId: TENANT, username: 'made by a test', ...patch }
    const columns = Object.keys(row)
    await world.database.query(
      `INSERT INTO "user" (${columns.map((column) => `"${column}"`).join(', ')})
       VALUES (${columns.map((_column, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row)
    )
    return id
  }

  it('is nobody without a binding: the run goes on with Lark’s own id as its label, and nothing is created', async () => {
    const mei = await world.person('Mei')
    await ask(mei)
    expect(await label()).toBe(mei.openIds[bot.app.appId])
    expect(await usersOf(mei.unionId)).toEqual([])
  })

  it('is the user who has bound the account, before whoever has the union id', async () => {
    const lin = await world.person('Lin')
    const byUnion = await insertUser({ thirdPartyId: lin.unionId })
    await ask(lin, 'first')
    expect(await label()).toBe(byUnion)
    const ann = await world.person('Ann')
    const bound = userIdOf('viewer', 'default')
    await world.database.query(
      `INSERT INTO account_binding ("tenantId", "userId", provider, "subjectId") VALUES ($1, $2, 'lark', $3)`,
      [TENANT, bound, ann.unionId]
    )
    await insertUser({ thirdPartyId: ann.unionId })
    await ask(ann, 'second')
    expect(await label()).toBe(bound)
    const rows = await world.database.query(`SELECT platform_user_id FROM plugin_lark_user WHERE union_id = $1`, [
      ann.unionId
    ])
    expect(rows).toEqual([{ platform_user_id: bound }])
  })

  it('is nobody of another tenant, whatever is bound there', async () => {
    const tom = await world.person('Tom')
    await insertUser({ thirdPartyId: tom.unionId, tenantId: TENANTS.second.id })
    await world.database.query(
      `INSERT INTO account_binding ("tenantId", "userId", provider, "subjectId") VALUES ($1, $2, 'lark', $3)`,
      [TENANTS.second.id, userIdOf('viewer', 'second'), tom.unionId]
    )
    await ask(tom)
    expect(await label()).toBe(tom.openIds[bot.app.appId])
  })

  it('is answered in the language of the account where the integration prefers none', async () => {
    const yu = await world.person('Yu')
    await insertUser({ thirdPartyId: yu.unionId, preferredLanguage: 'zh-Hans' })
    const say = async (): Promise<string> => {
      const sent = await world.lark.say({ userId: yu.userId, appId: bot.app.appId, text: '/help' })
      return (await world.lark.waitForMessage(sent.chatId, { fromBot: true, replyTo: sent.messageId })).text
    }
    expect(await say()).toContain('请直接提问')
    await provision({ autoProvision: false }, { preferLanguage: 'en' })
    await eventually('the preferred language wins', async () => (await say()).includes('Write your question'))
    await provision({ autoProvision: false }, { preferLanguage: '' })
  })

  it('becomes one user of the configured role, with a name, however many messages come at once', async () => {
    await world.lark.updateApp(bot.app.appId, {
      scopes: [...bot.app.scopes, 'contact:contact.base:readonly', 'contact:user.base:readonly']
    })
    await provision({ autoProvision: true, roleName: 'AI_BUILDER' })
    const newcomers = await Promise.all(['Kim', 'Kai', 'Kit'].map((name) => world.person(name)))
    await Promise.all(
      newcomers.flatMap(({ userId }) =>
        [1, 2, 3, 4].map((n) => world.lark.say({ userId, appId: bot.app.appId, text: `hello ${n}` }))
      )
    )
    for (const { unionId, name } of newcomers) {
      const users = await eventually('the user is made', async () => {
        const found = await usersOf(unionId)
        return found.length > 0 ? found : null
      })
      expect(users).toEqual([
        expect.objectContaining({ tenantId: TENANT, firstName: name, roleId: roleIdOf('AI_BUILDER', 'default') })
      ])
    }
    const noted = async () =>
      world.database.query<{ platform_user_id: string | null }>(
        `SELECT platform_user_id FROM plugin_lark_user WHERE union_id = ANY($1)`,
        [newcomers.map(({ unionId }) => unionId)]
      )
    const rows = await eventually('they are noted', async () => {
      const found = await noted()
      return found.length === 3 && found.every((row) => row.platform_user_id !== null) ? found : null
    })
    const users = await Promise.all(newcomers.map(({ unionId }) => usersOf(unionId)))
    expect(rows.map((row) => row.platform_user_id).sort()).toEqual(
      users
        .flat()
        .map(({ id }) => id)
        .sort()
    )
  })

  it('becomes a user without a name where the scopes do not allow one', async () => {
    await world.lark.updateApp(bot.app.appId, { scopes: bot.app.scopes })
    await provision({ autoProvision: true })
    const sol = await world.person('Sol')
    await ask(sol)
    const [user] = await eventually('the user is made', async () => {
      const found = await usersOf(sol.unionId)
      return found.length > 0 ? found : null
    })
    expect(user).toMatchObject({ firstName: null, roleId: roleIdOf('VIEWER', 'default') })
  })

  it('is the same user as before who was not seen for so long that they were removed here', async () => {
    const jobs = await world.database.query(`SELECT 1 FROM plugin_lark_job WHERE name = 'people-retention'`)
    expect(jobs).toHaveLength(1)
    const una = await world.person('Una')
    await ask(una)
    const noted = () =>
      eventually('the user is noted', async () => {
        const rows = await world.database.query<{ id: string | null }>(
          `SELECT platform_user_id AS id FROM plugin_lark_user WHERE union_id = $1`,
          [una.unionId]
        )
        return rows[0]?.id ?? null
      })
    const before = await noted()
    // As retention does it.
    await world.database.query(`DELETE FROM plugin_lark_user WHERE union_id = $1`, [una.unionId])
    for (let minutes = 0; minutes < 11; minutes += 1) await aMinutePasses()
    await ask(una, 'hello again')
    expect(await noted()).toBe(before)
    expect((await usersOf(una.unionId)).map(({ id }) => id)).toEqual([before])
  })

  it('is nobody and becomes nobody who writes from another company; the expert is asked all the same', async () => {
    const stranger = await world.person('Stranger')
    const known = await insertUser({ thirdPartyId: stranger.unionId })
    const write = async (unionId: string, tenant_key: string): Promise<void> => {
      const messageId = `om_${randomUUID()}`
      const sender_id = { union_id: unionId, open_id: `ou_${unionId}`, user_id: null }
      const event = {
        sender: { sender_id, sender_type: 'user', tenant_key },
        message: {
          message_id: messageId,
          create_time: String(Date.now()),
          chat_id: `oc_${randomUUID()}`,
          chat_type: 'p2p',
          message_type: 'text',
          content: JSON.stringify({ text: 'hello from outside' })
        }
      }
      await world.lark.push({ appId: bot.app.appId, eventType: 'im.message.receive_v1', event })
      // The simulator has no such chat, so the answer has no place: what counts is the run.
      await eventually('it has ended', async () => (await world.row(messageId))?.state === 'failed', 40_000)
    }
    await write(stranger.unionId, 'another-company')
    expect(await label()).toBe(`ou_${stranger.unionId}`)
    await write('on_outside', 'another-company')
    await world.lark.settled(20_000, { ignoreRetries: true })
    expect(await usersOf('on_outside')).toEqual([])
    const mapped = await world.database.query(`SELECT 1 FROM plugin_lark_user WHERE platform_user_id = $1`, [known])
    expect(mapped).toEqual([])
  })

  it('never becomes an administrator, even where the stored options say so', async () => {
    await world.database.query(
      `UPDATE integration SET "updatedAt" = now(), options = jsonb_set(options, '{userProvision}', '{"autoProvision": true, "roleName": "SUPER_ADMIN"}')
       WHERE id = $1`,
      [bot.integrationId]
    )
    const eve = await world.person('Eve')
    await aMinutePasses()
    await ask(eve)
    await eventually('the refusal is in the log', async () =>
      world.everyHost.some(({ logs }) => logs.some((line) => line.includes('do not get an administrator role')))
    )
    expect(await usersOf(eve.unionId)).toEqual([])
  })

  it('is not asked for by an event that was never verified', async () => {
    const stranger = await world.person('Stranger')
    await world.lark.updateApp(bot.app.appId, { verificationToken: 'a-token-that-is-not-ours' })
    await world.lark.say({ userId: stranger.userId, appId: bot.app.appId, text: 'let me in' })
    await world.lark.waitForDelivery({ appId: bot.app.appId, ok: false })
    expect(await usersOf(stranger.unionId)).toEqual([])
    await world.lark.cancelRetries(bot.app.appId)
    await world.lark.updateApp(bot.app.appId, { verificationToken: bot.app.verificationToken })
  })
})

describe('newcomers', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    // The host works on more at once than it has connections to the database.
    await world.startHost({ queueSlots: 40 })
  })

  afterAll(() => world.end())

  it('become users, however many come at once', async () => {
    const bot = await world.hire('webhook', ANSWER)
    const { options } = await world.admin.getIntegration(bot.integrationId)
    const userProvision = { autoProvision: true }
    await world.admin.updateIntegration(bot.integrationId, { options: { ...options, userProvision } })
    const newcomers = await Promise.all(Array.from({ length: 60 }, (_, index) => world.person(`Newcomer ${index}`)))
    await Promise.all(newcomers.map(({ userId }) => world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })))
    await eventually(
      'all are users',
      async () => {
        const rows = await world.database.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM "user" WHERE "thirdPartyId" = ANY($1)`,
          [newcomers.map(({ unionId }) => unionId)]
        )
        return rows[0]?.n === newcomers.length
      },
      150_000
    )
  }, 240_000)
})
