import { Bot, World } from '../support/world'
import { eventually } from '../support/eventually'
import { largeTenant, LargeTenant } from '../support/large-tenant'

interface Option {
  value: string
  label: string
  description: string
  icon: string
}

const LIST_SCOPES = [
  'im:chat:readonly',
  'contact:contact.base:readonly',
  'contact:user.base:readonly',
  'contact:department.base:readonly'
]

describe('the directory of a large tenant', () => {
  let world: World
  let bot: Bot
  let tenant: LargeTenant

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
    bot = await world.hire('webhook', { kind: 'stream', text: 'Hello' })
    tenant = await largeTenant(world.lark, bot.app, { members: 2_300, departments: 60, groups: 320 })
    await grant(LIST_SCOPES)
  })

  afterAll(() => world.end())

  const grant = (scopes: string[]) => world.lark.updateApp(bot.app.appId, { scopes: [...bot.app.scopes, ...scopes] })
  const pick = async (kind: 'user' | 'chat', query = ''): Promise<Option[]> => {
    const path = `/api/lark/${kind}-select-options?integration=${bot.integrationId}${query}`
    const { status, body } = await world.admin.request<Option[]>('GET', path)
    expect(status).toBe(200)
    return body
  }
  const minutesLater = (minutes: number) => world.advance(minutes * 60_000)
  const progress = async () =>
    (
      await world.database.query<{ progress: Record<string, unknown>; cursor: unknown }>(
        `SELECT progress, cursor FROM plugin_lark_job WHERE name = $1`,
        [`directory:${bot.integrationId}`]
      )
    )[0]
  const readFromLark = () => world.admin.viewAction(bot.integrationId, 'lark_integration__users', 'read_from_lark')
  const recorded = async () =>
    (await world.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM plugin_lark_user`))[0]!.count

  it('is offered whole by the pickers: everybody once, the last department and the last group too', async () => {
    const people = await pick('user')
    expect(new Set(people.map(({ value }) => value)).size).toBe(people.length)
    expect(new Set(people.map(({ label }) => label))).toEqual(new Set(tenant.members.map(({ name }) => name)))
    const last = tenant.members.at(-1)!
    expect(people.find(({ label }) => label === last.name)).toEqual({
      value: last.openIds[bot.app.appId],
      label: last.name,
      description: last.openIds[bot.app.appId],
      icon: 'ri-user-line'
    })

    const groups = await pick('chat')
    expect(groups).toHaveLength(320)
    expect(groups.find(({ label }) => label === 'Group 320')?.value).toBe(tenant.groups.at(-1)!.chatId)
    expect(await world.lark.violations()).toEqual([])
  })

  it('is asked of Lark once a minute, however many forms are opened', async () => {
    const calls = async () => (await world.lark.calls({ api: 'im.chat.list' })).length
    await pick('chat')
    const before = await calls()
    await Promise.all([pick('chat'), pick('chat')])
    expect(await calls()).toBe(before)
    await minutesLater(2)
    await Promise.all([pick('chat'), pick('chat')])
    expect(await calls()).toBe(before + 4)
  })

  it('names who is selected, also whom no list has, and puts the recorded before the listed', async () => {
    const [first, second] = tenant.members
    await world.lark.say({ userId: first!.userId, appId: bot.app.appId, text: 'hello' })
    await eventually('the sender is recorded', async () => (await recorded()) === 1)
    await world.lark.updateApp(bot.app.appId, {
      contactRange: { departmentIds: [tenant.departments.at(-1)!.departmentId], userIds: [second!.userId] }
    })
    await minutesLater(2)
    const people = await pick('user', `&selected=ou_gone,${second!.openIds[bot.app.appId]}`)
    expect(people.slice(0, 3)).toMatchObject([
      { value: 'ou_gone', label: 'ou_gone' },
      { label: second!.name },
      { value: first!.openIds[bot.app.appId] }
    ])
    expect(people.length).toBeGreaterThan(3)
    expect(people.length).toBeLessThan(60)
    await world.lark.updateApp(bot.app.appId, { contactRange: 'all' })
  })

  it('is called in the pickers what Lark calls it now, also where it was recorded under a former name', async () => {
    const [person] = tenant.members
    const group = tenant.groups.at(-1)!
    const openId = person!.openIds[bot.app.appId]
    await world.database.query(`UPDATE plugin_lark_user SET name = 'Former name' WHERE open_id = $1`, [openId])
    await world.database.query(
      `INSERT INTO plugin_lark_chat (integration_id, chat_id, tenant_id, chat_type, name, source, last_seen_at)
       VALUES ($1, $2, 'tenant', 'group', 'Former name', 'message', now())`,
      [bot.integrationId, group.chatId]
    )
    await minutesLater(2)
    expect((await pick('user'))[0]).toMatchObject({ value: openId, label: person!.name })
    expect((await pick('chat'))[0]).toMatchObject({ value: group.chatId, label: 'Group 320' })
    await world.database.query(`DELETE FROM plugin_lark_chat WHERE chat_type = 'group'`)
  })

  it('is read into the Users tab, goes on on another instance after a kill, and says how far it is', async () => {
    await world.startHost({ instance: 'second' })
    const [victim] = world.everyHost
    // Slow enough that the kill comes in the middle.
    await world.lark.addFault({ on: 'api', api: 'contact.user.findByDepartment', delayMs: 30, times: -1 })
    const asked = await victim!
      .login('admin')
      .viewAction<{ success: boolean }>(bot.integrationId, 'lark_integration__users', 'read_from_lark')
    expect(asked.body).toMatchObject({ success: true })
    const halfway = await eventually('some are read', async () => {
      const row = await progress()
      return Number(row?.progress['users']) > 200 ? row : null
    })
    expect(halfway.progress).toMatchObject({ state: 'running' })
    await victim!.kill('SIGKILL')
    await world.database.query(`UPDATE plugin_lark_job SET lease_expires_at = now() WHERE name LIKE 'directory:%'`)

    const done = await eventually(
      'the read is done',
      async () => {
        const row = await progress()
        return row?.progress['state'] === 'running' ? null : row
      },
      60_000
    )
    expect(done.progress).toMatchObject({ state: 'done', chats: 320, skipped: 0, open: 0, missing: [] })
    expect(await recorded()).toBe(2_300)
    const { body } = await world.admin.viewData<{ items: { openId: string; lastSeenAt: string | null }[] }>(
      bot.integrationId,
      'lark_integration__users'
    )
    const [wrote, ...listed] = body.items
    expect(wrote).toEqual(expect.objectContaining({ openId: tenant.members[0]!.openIds[bot.app.appId] }))
    expect(wrote!.lastSeenAt).not.toBeNull()
    expect(new Set(listed.map(({ lastSeenAt }) => lastSeenAt))).toEqual(new Set([null]))
    const nameless = await world.database.query(`SELECT 1 FROM plugin_lark_user WHERE name IS NULL`)
    expect(nameless).toEqual([])
    const departments = (await world.lark.calls({ api: 'contact.department.children' })).length
    expect(departments).toBeLessThan(4 * 62)
    await world.lark.clearFaults()
    expect(await world.lark.violations()).toEqual([])
  })

  it('is read whole although Lark fails at a department on the way', async () => {
    // Lark says so with HTTP 400, which is no fault of the request (lark-platform 13.4).
    const internal = { on: 'api' as const, api: 'contact.department.children', status: 400, code: 40003, times: 1 }
    await world.lark.addFault(internal)
    expect((await readFromLark()).body).toMatchObject({ success: true })
    const done = await eventually(
      'the read has ended',
      async () => {
        const row = await progress()
        return row?.progress['state'] === 'running' ? null : row
      },
      60_000
    )
    expect(done.progress).toMatchObject({ state: 'done', skipped: 0, users: 2_300 })
    await world.lark.clearFaults()
  })

  it('is not read while Lark can not be asked, which is not called a refusal', async () => {
    await world.lark.addFault({ on: 'api', api: 'contact.scope.list', status: 502, times: -1 })
    await world.host.changeClock({ rate: 10 })
    expect((await readFromLark()).body).toMatchObject({ success: true })
    const ended = await eventually('the read has ended', async () => {
      const row = await progress()
      return row?.progress['state'] === 'running' ? null : row
    })
    expect(ended.progress).toMatchObject({ state: 'failed', reason: 'lark_unreachable' })
    await world.host.changeClock({ rate: 1 })
    await world.lark.clearFaults()
  })

  it('is the recorded ones and no error with only the five scopes of the product page', async () => {
    await world.lark.updateApp(bot.app.appId, { scopes: bot.app.scopes })
    await world.database.query(`DELETE FROM plugin_lark_user WHERE source = 'directory'`)
    await minutesLater(2)
    expect((await pick('user')).map(({ value }) => value)).toEqual([tenant.members[0]!.openIds[bot.app.appId]])
    expect((await pick('chat')).length).toBe(320)
    const config = {
      integrationId: bot.integrationId,
      singleChatScope: 'selected_users',
      singleChatUserOpenIds: ['ou_1'],
      allowedGroupScope: 'selected_chats',
      allowedGroupChatIds: ['oc_1']
    }
    await minutesLater(61)
    const found = await world.admin.validateTrigger(bot.expertId, config)
    expect(found.map(({ field, level }) => [field, level])).toEqual([
      ['singleChatUserOpenIds', 'warning'],
      ['allowedGroupChatIds', 'warning']
    ])

    expect((await readFromLark()).body).toMatchObject({ success: true })
    const ended = await eventually('the read has ended', async () => {
      const row = await progress()
      return row?.progress['state'] === 'running' ? null : row
    })
    expect(ended.progress).toMatchObject({ state: 'done', users: 0, chats: 0, missing: ['people', 'groups'] })
  })
})
