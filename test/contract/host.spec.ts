import 'reflect-metadata'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { getMetadataArgsStorage } from 'typeorm'
import type { LarkPlugin } from '../../src/plugin'
import type { ViewManifest } from '../../src/host'

type Class = (abstract new (...args: never[]) => object) & { name: string }
type ListedProvider =
  Class | { provide: unknown; useClass?: Class; useExisting?: unknown; useValue?: unknown; useFactory?: unknown }

const dist = join(__dirname, '..', '..', 'dist')
const entry = join(dist, 'index.js')

/** Reflect keys by which the host finds a strategy (host-contract 3.1), and the one key that names which of them it is. */
const STRATEGY_KEYS = [
  'INTEGRATION_STRATEGY',
  'WORKFLOW_TRIGGER_STRATEGY',
  'HANDOFF_PROCESSOR_STRATEGY',
  'VIEW_EXTENSION_PROVIDER'
]
const BUS_KEY = 'XPERT_STRATEGY_META_KEY'

if (!existsSync(entry)) throw new Error('dist is not built: run npm run build (npm test does)')

const plugin = require(entry) as LarkPlugin & { default: unknown }
const context = {
  config: {},
  resolve: () => {
    throw new Error('not before the start')
  }
}
const dynamicModule = plugin.register(context as never)
const root = dynamicModule.module
const listed = <T>(key: string): T[] => (Reflect.getMetadata(key, root) as T[] | undefined) ?? []
const providers = listed<ListedProvider>('providers')
const classOf = (provider: ListedProvider): Class | undefined =>
  typeof provider === 'function'
    ? provider
    : (provider.useClass ?? (provider.useFactory ? (provider.provide as Class) : undefined))
const providerClasses = providers.map(classOf).filter((one) => one !== undefined)
const controllers = listed<Class>('controllers')
const entities = listed<Class>('entities')

/** Every class that the built plugin exports from any of its files. */
const builtClasses = (): Class[] => {
  const files = readdirSync(dist, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.js'))
  const exported = files.flatMap((path) => Object.values(require(join(dist, path)) as Record<string, unknown>))
  return [...new Set(exported.filter((one): one is Class => typeof one === 'function' && /^class\b/.test(String(one))))]
}

const classes = builtClasses()
const named = (list: readonly Class[]): string[] => list.map(({ name }) => name).sort()

describe('the built plugin object', () => {
  it('is module.exports and its own default', () => {
    expect(plugin.default).toBe(plugin)
    expect(typeof plugin.register).toBe('function')
  })

  it('accepts an empty config and gives defaults that its schema accepts', () => {
    expect(plugin.config.schema.safeParse({}).success).toBe(true)
    expect(plugin.config.schema.parse(plugin.config.defaults)).toEqual(plugin.config.defaults)
  })

  it('declares the permissions of the services that it resolves', () => {
    expect(plugin.permissions.map(({ type }) => type)).toEqual(expect.arrayContaining(['integration', 'handoff']))
  })

  it('registers synchronously and gives the context by a factory: the host clones values at boot', () => {
    expect(dynamicModule).not.toBeInstanceOf(Promise)
    const made = dynamicModule.providers as { useFactory: () => unknown; useValue?: unknown }[]
    for (const provider of made) expect(provider).not.toHaveProperty('useValue')
    expect(made.map(({ useFactory }) => useFactory())).toEqual([context, { version: plugin.meta.version }])
    expect(made[0]!.useFactory()).toBe(context)
    expect(dynamicModule.controllers ?? []).toEqual([])
  })
})

describe('the one Nest module', () => {
  it('lists every decorated strategy and processor', () => {
    const decorated = classes.filter((one) => STRATEGY_KEYS.some((key) => Reflect.hasOwnMetadata(key, one)))
    expect(decorated).toHaveLength(6)
    expect(decorated.filter((one) => !providers.includes(one))).toEqual([])
  })

  it('lists every controller', () => {
    const decorated = classes.filter((one) => Reflect.hasOwnMetadata('__controller__', one))
    expect(named(decorated)).toEqual(named(controllers))
    expect(controllers.length).toBeGreaterThan(0)
  })

  it('lists every entity, in the metadata that the host reads and in forFeature', () => {
    const tables = getMetadataArgsStorage().tables.filter(({ target }) => classes.includes(target as Class))
    expect(named(tables.map(({ target }) => target as Class))).toEqual(named(entities))
    expect(entities.length).toBeGreaterThan(5)
    const [forFeature] = listed<{ providers: { provide: unknown; targetEntitySchema?: unknown }[] }>('imports')
    expect(forFeature!.providers).toHaveLength(entities.length)
  })

  it('has no other Nest module', () => {
    const modules = classes.filter((one) =>
      ['imports', 'providers', 'controllers'].some((key) => Reflect.hasOwnMetadata(key, one))
    )
    expect(modules).toEqual([root])
  })

  it('names its tables in the artifact namespace', () => {
    const names = getMetadataArgsStorage()
      .tables.filter(({ target }) => entities.includes(target as Class))
      .map(({ name }) => name)
    expect(names.filter((name) => !name?.startsWith(`plugin_${plugin.meta.artifactNamespace}_`))).toEqual([])
    expect(new Set(names).size).toBe(names.length)
  })

  it('never uses a string or symbol in useExisting, nor a value that can not carry metadata', () => {
    const custom = providers.filter((one): one is Exclude<ListedProvider, Class> => typeof one !== 'function')
    expect(custom.filter(({ useExisting }) => ['string', 'symbol'].includes(typeof useExisting))).toEqual([])
    expect(custom.filter((one) => 'useValue' in one && !['object', 'function'].includes(typeof one.useValue))).toEqual(
      []
    )
    expect(custom.filter(({ provide }) => typeof provide !== 'function')).toEqual([])
  })

  it('has unique class names that survive the build', () => {
    const names = [...providerClasses, ...controllers, ...entities, root].map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    expect(names.filter((name) => name.length < 4)).toEqual([])
  })

  it('provides every port that a class of it asks for', () => {
    const tokens = new Set<unknown>(providers.map((one) => (typeof one === 'function' ? one : one.provide)))
    for (const { provide } of dynamicModule.providers as { provide: unknown }[]) tokens.add(provide)
    const missing = [...providerClasses, ...controllers].flatMap((one) =>
      ((Reflect.getMetadata('design:paramtypes', one) as Class[] | undefined) ?? [])
        .filter((token) => classes.includes(token) && !tokens.has(token))
        .map((token) => `${one.name} needs ${token?.name}`)
    )
    // A provider with a factory takes what the factory injects.
    const byFactory = new Set(
      providers.filter((one) => typeof one !== 'function' && one.useFactory).map((one) => classOf(one)?.name)
    )
    expect(missing.filter((text) => !byFactory.has(text.split(' ')[0]))).toEqual([])
  })
})

describe('the strategies', () => {
  const find = (key: string): Class[] => providerClasses.filter((one) => Reflect.hasOwnMetadata(key, one))

  it.each([
    ['INTEGRATION_STRATEGY', ['lark']],
    ['WORKFLOW_TRIGGER_STRATEGY', ['lark']],
    [
      'HANDOFF_PROCESSOR_STRATEGY',
      ['plugin.lark.cancel_run.v1', 'plugin.lark.provision_user.v1', 'plugin.lark.run_event.v1']
    ],
    ['VIEW_EXTENSION_PROVIDER', ['lark_integration']]
  ])('has a %s for %s and no other, with its bus key', (key, values) => {
    const found = find(key)
    expect(found.map((one) => Reflect.getMetadata(key, one) as string).sort()).toEqual(values)
    expect(found.map((one) => Reflect.getMetadata(BUS_KEY, one) as string)).toEqual(values.map(() => key))
  })

  const built = <T>(key: string): T => {
    const Strategy = find(key)[0] as unknown as new (...args: unknown[]) => T
    return new Strategy({}, {}, {}, {})
  }

  it('names provider and trigger as their decorators do', () => {
    const integration = built<{
      meta: { name: string; schema: { type: string } }
      execute: unknown
      validateConfig: unknown
    }>('INTEGRATION_STRATEGY')
    expect(integration.meta).toMatchObject({ name: 'lark', webhook: true, schema: { type: 'object' } })
    expect([typeof integration.execute, typeof integration.validateConfig]).toEqual(['function', 'function'])
    const trigger = built<{ meta: { name: string; configSchema: object }; bootstrap: { mode: string } }>(
      'WORKFLOW_TRIGGER_STRATEGY'
    )
    expect(trigger.meta).toMatchObject({ name: 'lark', configSchema: { type: 'object', required: ['integrationId'] } })
    expect(trigger.bootstrap.mode).toBe('skip')
  })
})

describe('the view manifests', () => {
  const [Provider] = providerClasses.filter((one) => Reflect.hasOwnMetadata('VIEW_EXTENSION_PROVIDER', one))
  const view = new (
    Provider as unknown as new (...args: unknown[]) => {
      supports(context: object): boolean
      getViewManifests(context: object, slot: string): Promise<ViewManifest[]>
    }
  )({}, {}, {}, {})
  const host = { hostType: 'integration', hostSnapshot: { provider: 'lark' } }
  const { everySituation, manifestsFor } = require(join(dist, 'views', 'manifests')) as {
    everySituation: readonly object[]
    manifestsFor: (situation: object) => ViewManifest[]
  }
  const manifests = everySituation.flatMap((situation) => manifestsFor(situation))

  const LABELLED: Record<string, string> = { stats: 'items', table: 'columns', detail: 'fields' }
  const VALUE_TYPES: Record<string, readonly string[]> = {
    stats: ['text', 'number', 'status', 'datetime', 'json'],
    table: ['text', 'number', 'date', 'datetime', 'status', 'tag', 'avatar', 'link']
  }

  it('are there for a Lark integration only, in the one slot that the host has', async () => {
    expect(view.supports(host)).toBe(true)
    expect(view.supports({ ...host, hostSnapshot: { provider: 'slack' } })).toBe(false)
    expect(view.supports({ ...host, hostType: 'agent' })).toBe(false)
    expect(await view.getViewManifests(host, 'detail.sidebar')).toEqual([])
    expect(manifests.length).toBeGreaterThan(0)
  })

  it('have a provider key and keys of their own without the separator', () => {
    const keys = manifestsFor(everySituation[0]!).map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(
      [...keys, Reflect.getMetadata('VIEW_EXTENSION_PROVIDER', Provider!) as string].filter((key) => key.includes('__'))
    ).toEqual([])
  })

  it.each(manifests.map((manifest) => [manifest.key, manifest] as const))(
    '%s obeys the host: one fault hides all tabs',
    (_key, manifest) => {
      expect(manifest).toMatchObject({
        hostType: 'integration',
        slot: 'detail.main_tabs',
        dataSource: { mode: 'platform' }
      })
      const type = manifest.view['type'] as string
      expect(['stats', 'table', 'list', 'detail', 'raw_json', 'remote_component']).toContain(type)
      const parts = (manifest.view[LABELLED[type] ?? ''] ?? []) as {
        key: string
        label: unknown
        valueType?: string
        dataType?: string
      }[]
      const actions = (manifest.actions ?? []) as { label: unknown; key: string }[]
      for (const label of [
        manifest.title,
        ...parts.map((part) => part.label),
        ...actions.map((action) => action.label)
      ]) {
        expect(label).toEqual({
          en_US: expect.stringMatching(/\S/) as string,
          zh_Hans: expect.stringMatching(/\S/) as string
        })
      }
      const allowed = VALUE_TYPES[type] ?? VALUE_TYPES['table']!
      expect(
        parts.map((part) => part.valueType ?? part.dataType ?? 'text').filter((one) => !allowed.includes(one))
      ).toEqual([])
    }
  )

  it('declare the query that their table sends: the host answers 400 to any other', () => {
    for (const { view: schema, dataSource } of manifests) {
      const paginated = (schema['pagination'] as { enabled?: boolean } | undefined)?.enabled === true
      const searchable = (schema['search'] as { enabled?: boolean } | undefined)?.enabled === true
      const query = (dataSource['querySchema'] ?? {}) as { supportsPagination?: boolean; supportsSearch?: boolean }
      expect([query.supportsPagination === true, query.supportsSearch === true]).toEqual([paginated, searchable])
    }
  })
})
