import { Client } from '@larksuiteoapi/node-sdk'
import { LarkSimulator, SimApp, SimDepartment, SimUser, SimUserGroup } from '../../../playground/lark-simulator/client'
import { clientOf, codeOf } from './bot'

const SCOPES = ['contact:contact.base:readonly', 'contact:user.base:readonly', 'contact:department.base:readonly']

describe('the contacts of the simulator', () => {
  let lark: LarkSimulator
  let app: SimApp
  let client: Client
  let sales: SimDepartment
  let north: SimDepartment

  beforeAll(async () => {
    lark = await LarkSimulator.spawn()
    app = await lark.createApp({ transport: 'webhook', scopes: SCOPES })
    client = clientOf(lark, app)
    sales = await lark.createDepartment({ name: 'Sales' })
    north = await lark.createDepartment({ name: 'North', parentId: sales.departmentId })
    await lark.createUser({ name: 'Root' })
    await lark.createUsers([
      { name: 'Sal', departmentIds: [sales.departmentId] },
      ...Array.from({ length: 60 }, (_, index) => ({ name: `North ${index}`, departmentIds: [north.departmentId] }))
    ])
  })

  afterAll(() => lark.stop())

  const members = async (department_id: string, page_token?: string) =>
    (await client.contact.v3.user.findByDepartment({ params: { department_id, page_size: 50, page_token } })).data!
  const namesOf = (data: { items?: { name?: string }[] }) => data.items?.map(({ name }) => name)
  const childrenOf = async (department_id: string, fetch_child?: boolean) =>
    (
      await client.contact.v3.department.children({ path: { department_id }, params: { page_size: 50, fetch_child } })
    ).data!.items?.map(({ name }) => name)

  it('list direct members only, 50 a page at most', async () => {
    expect(namesOf(await members('0'))).toEqual(['Root'])
    expect(namesOf(await members(sales.departmentId))).toEqual(['Sal'])
    const first = await members(north.departmentId)
    expect([first.items?.length, first.has_more]).toEqual([50, true])
    expect((await members(north.departmentId, first.page_token)).items).toHaveLength(10)
    const tooMany = client.contact.v3.user.findByDepartment({ params: { department_id: '0', page_size: 51 } })
    expect(await codeOf(tooMany)).toBe(40011)
  })

  it('nest departments', async () => {
    expect(await childrenOf('0')).toEqual(['Sales'])
    expect(await childrenOf('0', true)).toEqual(['Sales', 'North'])
    expect(await childrenOf(north.departmentId)).toEqual([])
  })

  it('say where to begin, and refuse the rest, when the app may not read everybody', async () => {
    const range = async () =>
      (await client.contact.v3.scope.list({ params: { page_size: 100 } })).data as Record<string, string[]>
    expect((await range()).department_ids).toEqual([sales.departmentId])
    expect((await range()).user_ids).toHaveLength(1)

    await lark.updateApp(app.appId, { contactRange: { departmentIds: [north.departmentId], userIds: [] } })
    expect((await range()).department_ids).toEqual([north.departmentId])
    for (const department_id of ['0', sales.departmentId])
      expect(await codeOf(client.contact.v3.user.findByDepartment({ params: { department_id } }))).toBe(40004)
    expect((await members(north.departmentId)).items).toHaveLength(50)
  })

  describe('with user groups in the range', () => {
    let group: SimUserGroup
    let other: SimUserGroup
    let people: SimUser[]

    beforeAll(async () => {
      people = await lark.createUsers(Array.from({ length: 101 }, (_, index) => ({ name: `Pilot ${index}` })))
      group = await lark.createUserGroup({
        name: 'Pilots',
        userIds: people.map(({ userId }) => userId),
        departmentIds: [north.departmentId]
      })
      other = await lark.createUserGroup({ name: 'Others' })
      const contactRange = { departmentIds: [], userIds: [], groupIds: [group.groupId] }
      await lark.updateApp(app.appId, { contactRange, scopes: [...SCOPES, 'contact:group:readonly'] })
    })

    type Params = NonNullable<Parameters<typeof client.contact.v3.groupMember.simplelist>[0]>['params']
    const list = (group_id: string, params: Params) =>
      client.contact.v3.groupMember.simplelist({ path: { group_id }, params })

    it('name them last, and with everybody all that there are', async () => {
      const range = async () =>
        (await client.contact.v3.scope.list({ params: { page_size: 100 } })).data as Record<string, unknown>
      expect(await range()).toMatchObject({ department_ids: [], user_ids: [], group_ids: [group.groupId] })
      await lark.updateApp(app.appId, { contactRange: 'all' })
      expect(await range()).toMatchObject({ department_ids: [], group_ids: [], has_more: true })
      const contactRange = { departmentIds: [], userIds: [], groupIds: [group.groupId] }
      await lark.updateApp(app.appId, { contactRange })
    })

    it('list their people and their departments, each by themselves, 100 a page at most', async () => {
      const first = (await list(group.groupId, { page_size: 100 })).data!
      expect(first.memberlist).toHaveLength(100)
      expect(first.memberlist[0]).toEqual({ member_id: people[0]!.openIds[app.appId], member_type: 'user' })
      const last = (await list(group.groupId, { page_size: 100, page_token: first.page_token })).data!
      expect([last.memberlist.length, last.has_more]).toEqual([1, false])
      expect((await list(group.groupId, { member_type: 'department', member_id_type: 'open_id' })).data).toMatchObject({
        memberlist: [{ member_id: north.departmentId, member_type: 'department' }]
      })
    })

    it('let the app see their members and what is below their departments, and nobody else', async () => {
      expect((await members(north.departmentId)).items).toHaveLength(50)
      for (const department_id of ['0', sales.departmentId])
        expect(await codeOf(client.contact.v3.user.findByDepartment({ params: { department_id } }))).toBe(40004)
      const user_id = people[0]!.openIds[app.appId]!
      expect((await client.contact.v3.user.get({ path: { user_id } })).data!.user!.name).toBe('Pilot 0')
    })

    it('refuse what is not in the range, what does not fit, and an app without the permission', async () => {
      expect(await codeOf(list(other.groupId, {}))).toBe(42009)
      expect(await codeOf(list('g_unknown', {}))).toBe(42002)
      expect(await codeOf(list(group.groupId, { page_size: 101 }))).toBe(40011)
      expect(await codeOf(list(group.groupId, { member_type: 'user', member_id_type: 'department_id' }))).toBe(41072)
      expect(await codeOf(list(group.groupId, { member_id_type: 'open_department_id' as 'open_id' }))).toBe(41071)
      await lark.updateApp(app.appId, { scopes: SCOPES })
      expect(await codeOf(list(group.groupId, {}))).toBe(99991672)
    })
  })
})
