import 'reflect-metadata'
import { RequestMethod } from '@nestjs/common'
import { join } from 'node:path'
import type { Access, ViewManifest } from '../../src/host'
import type { LarkPlugin } from '../../src/plugin'
import { exchangeJson } from '../../playground/xpert-host/client/http'
import { TENANTS, ORGANIZATIONS } from '../../playground/xpert-host/seed'
import { Bot, World } from '../support/world'

type Class = (abstract new (...args: never[]) => object) & { name: string; prototype: object }

const dist = join(__dirname, '..', '..', 'dist')
const plugin = require(join(dist, 'index.js')) as LarkPlugin
const root = plugin.register({ config: {}, resolve: () => undefined } as never).module
const controllers = (Reflect.getMetadata('controllers', root) as Class[] | undefined) ?? []
const { everySituation, manifestsFor, PROVIDER_KEY } = require(join(dist, 'views', 'manifests')) as {
  everySituation: readonly object[]
  manifestsFor: (situation: object) => ViewManifest[]
  PROVIDER_KEY: string
}
const manifests = everySituation.flatMap((situation) => manifestsFor(situation))
const views = [...new Set(manifests.map(({ key }) => key))]

interface Route {
  name: string
  method: string
  /** With `:id`, unless the integration is named in the query. */
  path: string
  place?: 'path' | 'query'
  isPublic: boolean
  access?: Access
}

/** Every handler of every controller that the plugin lists. */
const routes: Route[] = controllers.flatMap((controller) => {
  const base = Reflect.getMetadata('path', controller) as string
  return Object.getOwnPropertyNames(controller.prototype).flatMap((name): Route[] => {
    const handler = Reflect.get(controller.prototype, name) as object
    const method = Reflect.getMetadata('method', handler) as RequestMethod | undefined
    if (method === undefined) return []
    const path = `${base}/${String(Reflect.getMetadata('path', handler))}`
    return [
      {
        name: `${RequestMethod[method]} ${path}`,
        method: RequestMethod[method]!,
        path,
        isPublic: Reflect.getMetadata('isPublic', handler) === true,
        access: Reflect.getMetadata('lark:integration-access', handler) as Access | undefined,
        place: Reflect.getMetadata('lark:integration-place', handler) as Route['place']
      }
    ]
  })
})

const pathFor = ({ path, place }: Route, id: string): string =>
  place === 'query' ? `/api/${path}?integration=${id}` : `/api/${path.replace(':id', id)}`

const CALLERS = [
  'an anonymous caller',
  'a user without permissions',
  'an editor of another tenant',
  'an editor of another organisation',
  'a viewer',
  'an editor'
] as const
type Caller = (typeof CALLERS)[number]

const MAY: Record<Access, readonly Caller[]> = {
  read: ['a viewer', 'an editor'],
  act: ['an editor'],
  pick: ['a viewer', 'an editor']
}
const REFUSED = [401, 403, 404]
const NO_SCOPE = { 'tenant-id': '', 'organization-id': '', 'x-scope-level': '' }

describe('who gets at an integration', () => {
  let world: World
  let bot: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    bot = await world.hire('long_connection', { kind: 'stream', text: 'Hello' })
  })

  afterAll(() => world.end())

  const call = async (caller: Caller, method: string, path: string, isScoped: boolean): Promise<number> => {
    const headers = isScoped ? {} : NO_SCOPE
    const session = (user: 'nobody' | 'viewer' | 'editor', where = {}) => world.host.login(user, where)
    switch (caller) {
      case 'an anonymous caller': {
        const scope = { 'tenant-id': TENANTS.default.id, 'organization-id': ORGANIZATIONS.first.id }
        return (await exchangeJson(world.host.url + path, { method, headers: isScoped ? scope : {} })).status
      }
      case 'a user without permissions':
        return (await session('nobody').request(method, path, undefined, headers)).status
      case 'an editor of another tenant':
        return (await session('editor', { tenant: 'second' }).request(method, path, undefined, headers)).status
      case 'an editor of another organisation':
        return (await session('editor', { organization: 'other' }).request(method, path, undefined, headers)).status
      case 'a viewer':
        return (await session('viewer').request(method, path, undefined, headers)).status
      case 'an editor':
        return (await session('editor').request(method, path, undefined, headers)).status
    }
  }

  /** Whoever may, with the scope headers; everybody else and everybody without them is refused. */
  const expectTable = async (method: string, path: string, access: Access): Promise<void> => {
    const seen: string[] = []
    const wanted: string[] = []
    for (const caller of CALLERS) {
      for (const isScoped of [true, false]) {
        const status = await call(caller, method, path, isScoped)
        const who = `${caller} ${isScoped ? 'with' : 'without'} scope`
        seen.push(`${who}: ${REFUSED.includes(status) ? 'refused' : status < 500 ? 'passes' : status}`)
        wanted.push(`${who}: ${isScoped && MAY[access].includes(caller) ? 'passes' : 'refused'}`)
      }
    }
    expect(seen).toEqual(wanted)
  }

  it('is decided for every route: a public one is the webhook, every other names its access', () => {
    expect(routes.length).toBeGreaterThan(1)
    expect(routes.filter(({ isPublic }) => isPublic).map(({ name }) => name)).toEqual([
      'POST lark/webhook/:integrationId'
    ])
    expect(routes.filter(({ isPublic, access }) => !isPublic && access === undefined)).toEqual([])
  })

  const guarded = routes.filter(({ isPublic }) => !isPublic)

  it.each(guarded.map((route) => [route.name, route] as const))('%s', async (_name, route) => {
    await expectTable(route.method, pathFor(route, bot.integrationId), route.access!)
  })

  it.each(guarded.map((route) => [route.name, route] as const))(
    '%s does not tell a foreign id from a made-up one',
    async (_name, route) => {
      const answer = (id: string) =>
        world.host.login('editor', { organization: 'other' }).request(route.method, pathFor(route, id))
      const foreign = await answer(bot.integrationId)
      expect(foreign.status).toBe(404)
      expect(await answer('6f1c9d0e-8a57-4f0b-9d2f-0d6a5f1f3b11')).toEqual(foreign)
      expect(await answer('nonsense')).toEqual(foreign)
    }
  )

  const view = (key: string): string => `/api/view-hosts/integration/${bot.integrationId}/views/${PROVIDER_KEY}__${key}`

  it.each(views)('the view %s', async (key) => {
    await expectTable('GET', `${view(key)}/data`, 'read')
  })

  const actions = new Map(
    manifests.flatMap(({ key, actions = [] }) =>
      actions.map((action) => [`${key} ${String(action['key'])}`, { key, action }] as const)
    )
  )

  it.each([...actions])('the action %s', async (_name, { key, action }) => {
    expect(action['permissions']).toEqual(['INTEGRATION_EDIT'])
    // Some are there only while the connection is switched off.
    const isOn = action['key'] !== 'connect'
    await world.database.query(`UPDATE plugin_lark_connection SET desired_state = $1`, [
      isOn ? 'connected' : 'disconnected'
    ])
    await expectTable('POST', `${view(key)}/actions/${String(action['key'])}`, 'act')
  })

  it('has no action or view that the page does not know', async () => {
    const editor = world.host.login('editor')
    expect((await editor.viewData(bot.integrationId, `${PROVIDER_KEY}__constructor`)).status).toBe(404)
    expect((await editor.viewAction(bot.integrationId, `${PROVIDER_KEY}__status`, 'constructor')).status).toBe(404)
  })
})
