import { SimUser } from '../../playground/lark-simulator/client'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const LIST_SCOPES = ['im:chat:readonly', 'contact:contact.base:readonly', 'contact:user.base:readonly']
const GROUP_SCOPE = 'contact:group:readonly'
/** That is how an app learns that it may not read everybody. */
const ROOT_IS_REFUSED = ['contact.user.findByDepartment 40004']

interface Read {
  state: string
  startedAt: string
  wholeSince?: string
  users: number
  skipped: number
  missing: string[]
}

describe('the directory of an app whose range is user groups', () => {
  let world: World
  let bot: Bot
  let people: SimUser[]
  let below: SimUser[]
  let wanted: Set<string>

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
    bot = await world.hire('webhook', { kind: 'stream', text: 'Hello' })
    const sales = await world.lark.createDepartment({ name: 'Sales' })
    const north = await world.lark.createDepartment({ name: 'North', parentId: sales.departmentId })
    people = await world.lark.createUsers(many('Pilot', 230, '0'))
    below = await world.lark.createUsers([
      ...many('Seller', 70, sales.departmentId),
      ...many('North', 70, north.departmentId)
    ])
    await world.lark.createUsers(many('Stranger', 5, '0'))
    const ids = people.map(({ userId }) => userId)
    const groups = [
      { name: 'Pilots', userIds: ids.slice(0, 150), departmentIds: [sales.departmentId] },
      { name: 'Overlap', userIds: ids.slice(100), departmentIds: [sales.departmentId, north.departmentId] }
    ]
    const groupIds: string[] = []
    for (const group of groups) groupIds.push((await world.lark.createUserGroup(group)).groupId)
    const contactRange = { departmentIds: [], userIds: [], groupIds }
    await world.lark.updateApp(bot.app.appId, { contactRange })
    await grant([...LIST_SCOPES, GROUP_SCOPE])
    wanted = new Set([...people, ...below].map(({ openIds }) => openIds[bot.app.appId]!))
  })

  afterAll(() => world.end())

  const many = (name: string, count: number, departmentId: string) =>
    Array.from({ length: count }, (_, index) => ({ name: `${name} ${index + 1}`, departmentIds: [departmentId] }))
  const grant = (scopes: string[]) => world.lark.updateApp(bot.app.appId, { scopes: [...bot.app.scopes, ...scopes] })
  const minutesLater = (minutes: number) => world.advance(minutes * 60_000)
  const pick = async () => {
    const path = `/api/lark/user-select-options?integration=${bot.integrationId}`
    return (await world.admin.request<{ value: string; label: string }[]>('GET', path)).body
  }
  const read = async (): Promise<Read | undefined> => {
    const name = `directory:${bot.integrationId}`
    const rows = await world.database.query<{ progress: Read }>(
      `SELECT progress FROM plugin_lark_job WHERE name = $1`,
      [name]
    )
    return rows[0]?.progress
  }
  const ask = () => world.admin.viewAction(bot.integrationId, 'lark_integration__users', 'read_from_lark')
  const ended = () =>
    eventually(
      'the read has ended',
      async () => {
        const progress = await read()
        return progress && progress.state !== 'running' ? progress : null
      },
      60_000
    )
  const recorded = async () =>
    new Set(
      (await world.database.query<{ id: string }>(`SELECT open_id AS id FROM plugin_lark_user`)).map(({ id }) => id)
    )
  const listedAt = () => world.database.query(`SELECT DISTINCT listed_at AS at FROM plugin_lark_user`)
  const calls = async (api: string) => (await world.lark.calls({ api, appId: bot.app.appId })).length
  const refusals = async () => [
    ...new Set((await world.lark.violations()).map((line) => line.replace(/^(\S+) by \S+ (\d+) .*$/, '$1 $2')))
  ]
  const diagnosis = async () => {
    await world.admin.viewAction(bot.integrationId, 'lark_integration__diagnosis', 'check_again')
    const { body } = await world.admin.viewData<{ items: { id: string; verdict?: string; cause: string }[] }>(
      bot.integrationId,
      'lark_integration__diagnosis'
    )
    return new Map(body.items.map((item) => [item.id, item]))
  }

  it('is offered by the picker: members and whoever is below their departments, each once and by name', async () => {
    const options = await pick()
    expect(options).toHaveLength(wanted.size)
    expect(new Set(options.map(({ value }) => value))).toEqual(wanted)
    expect(options.filter(({ value, label }) => value === label)).toEqual([])
    // Seven pages of members, each person looked up once: 230 in at most fifty at a time.
    expect(await calls('contact.user.batch')).toBeLessThanOrEqual(7)
    expect(await calls('contact.department.children')).toBe(2)
    expect(await refusals()).toEqual(ROOT_IS_REFUSED)
  })

  it('is read into the Users tab, and goes on on another instance after a kill', async () => {
    await world.startHost({ instance: 'second' })
    const [victim] = world.everyHost
    await world.lark.addFault({ on: 'api', api: 'contact.user.batch', delayMs: 400, times: -1 })
    await victim!.login('admin').viewAction(bot.integrationId, 'lark_integration__users', 'read_from_lark')
    await eventually('some are read', async () => ((await recorded()).size > 0 ? true : null))
    await victim!.kill('SIGKILL')
    expect((await recorded()).size).toBeLessThan(wanted.size)
    await world.database.query(`UPDATE plugin_lark_job SET lease_expires_at = now() WHERE name LIKE 'directory:%'`)
    const done = await ended()
    expect(done).toMatchObject({ state: 'done', skipped: 0, missing: [], wholeSince: done.startedAt })
    expect(await recorded()).toEqual(wanted)
    expect(await listedAt()).toEqual([{ at: new Date(done.startedAt) }])
    await world.lark.clearFaults()
    expect(await refusals()).toEqual(ROOT_IS_REFUSED)
    expect((await diagnosis()).get(`scope:${GROUP_SCOPE}`)).toMatchObject({
      cause: expect.stringMatching(/^Granted/) as string
    })
  })

  it('without the permission says so, and goes on with the rest', async () => {
    await grant(LIST_SCOPES)
    await world.database.query(`DELETE FROM plugin_lark_user`)
    const [app] = (await world.lark.apps()).filter(({ appId }) => appId === bot.app.appId)
    const contactRange = {
      ...(app!.contactRange as { groupIds: string[] }),
      departmentIds: [],
      userIds: [people[0]!.userId]
    }
    await world.lark.updateApp(bot.app.appId, { contactRange })
    await minutesLater(2)
    const before = await read()
    const refused = await calls('contact.group.member.simplelist')
    expect((await pick()).map(({ label }) => label)).toEqual([people[0]!.name])

    await ask()
    expect(await ended()).toMatchObject({ state: 'done', users: 1, skipped: 1, missing: ['userGroups'] })
    // Nobody is gone because this one did not find them.
    expect((await read())!.wholeSince).toBe(before!.startedAt)
    expect([...(await recorded())]).toEqual([people[0]!.openIds[bot.app.appId]])
    // One each: nothing more of what the app may not read is asked.
    expect((await calls('contact.group.member.simplelist')) - refused).toBeLessThanOrEqual(6)

    const lines = await diagnosis()
    expect(lines.get('directory_read')!.cause).toContain(GROUP_SCOPE)
    expect(lines.get(`scope:${GROUP_SCOPE}`)!.cause).toMatch(/^Not granted.*user groups/)
    await world.lark.updateApp(bot.app.appId, { contactRange: { ...contactRange, groupIds: [] } })
    expect((await diagnosis()).has(`scope:${GROUP_SCOPE}`)).toBe(false)
  })

  it('is that of everybody again for an app that reads everybody: no user group is asked, nothing is missing', async () => {
    await world.lark.updateApp(bot.app.appId, { contactRange: 'all' })
    const before = await calls('contact.group.member.simplelist')
    await ask()
    expect(await ended()).toMatchObject({ state: 'done', missing: [] })
    expect((await recorded()).size).toBe((await world.lark.users()).length)
    expect(await calls('contact.group.member.simplelist')).toBe(before)
    expect((await diagnosis()).has(`scope:${GROUP_SCOPE}`)).toBe(false)
  })
})
