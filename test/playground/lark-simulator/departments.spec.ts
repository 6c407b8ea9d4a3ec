import { Client } from '@larksuiteoapi/node-sdk'
import { LarkSimulator, SimApp, SimDepartment } from '../../../playground/lark-simulator/client'
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
})
