import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runWithRequestContext } from '@xpert-ai/plugin-sdk'
import { copyModuleList, loadPlugin } from '../../../../playground/xpert-host/plugin/plugin-loader'
import { readPluginPackage } from '../../../../playground/xpert-host/plugin/plugin-package'
import { tagPluginModule } from '../../../../playground/xpert-host/plugin/plugin-scope'

const PLUGIN = `
  class Root {}
  Reflect.defineMetadata('entities', () => [Root], Root)
  module.exports = {
    meta: { name: 'sample' },
    config: {
      defaults: { retries: 3 },
      schema: {
        parse(value) {
          if (typeof value.url !== 'string') throw new Error('url')
          return { ...value, parsed: true }
        }
      }
    },
    register: (ctx) => ({ module: Root, providers: [{ provide: 'CTX', useValue: ctx }] })
  }`

describe('loading a plugin', () => {
  const folders: string[] = []
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

  const packageOf = (
    manifest: Record<string, unknown>,
    files: Record<string, string> = { 'index.js': PLUGIN }
  ): string => {
    const folder = mkdtempSync(join(tmpdir(), 'fixture-plugin-'))
    folders.push(folder)
    const all = { 'package.json': JSON.stringify({ name: 'sample', main: './index.js', ...manifest }), ...files }
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return folder
  }
  const load = (dir: string, config: Record<string, unknown> = {}) =>
    loadPlugin({ dir, tenant: 'default', configFor: async () => config })
  const tenantLevel = { xpert: { plugin: { level: 'tenant', artifactNamespace: 'sample' } } }

  it('refuses the SDK as a dependency, because the plugin would get a second request context', () => {
    const dir = packageOf({ ...tenantLevel, dependencies: { '@xpert-ai/plugin-sdk': '^3.7.2' } })
    expect(() => readPluginPackage(dir)).toThrow(/peer dependency/)
  })

  it('refuses a tenant-level package without an artifact namespace, and a malformed one', () => {
    expect(() => readPluginPackage(packageOf({ xpert: { plugin: { level: 'tenant' } } }))).toThrow(
      /artifactNamespace is required/
    )
    const malformed = { xpert: { plugin: { level: 'tenant', artifactNamespace: 'Not-Good' } } }
    expect(() => readPluginPackage(packageOf(malformed))).toThrow(/must match/)
  })

  it('refuses a package without built files and one whose exports cannot be required', () => {
    expect(() => readPluginPackage(packageOf(tenantLevel, {}))).toThrow(/has none of/)
    const importOnly = { ...tenantLevel, exports: { '.': { import: './index.js' } } }
    expect(() => readPluginPackage(packageOf(importOnly))).toThrow(/cannot be resolved/)
  })

  it('refuses a module that is not a plugin and a level that differs from the package', async () => {
    await expect(load(packageOf(tenantLevel, { 'index.js': 'module.exports = { meta: {} }' }))).rejects.toThrow(
      /valid XpertPlugin/
    )
    const other = PLUGIN.replace("meta: { name: 'sample' }", "meta: { name: 'sample', level: 'system' }")
    await expect(load(packageOf(tenantLevel, { 'index.js': other }))).rejects.toThrow(/meta.level/)
  })

  it('takes the default export where there is one', async () => {
    const files = { 'index.js': `${PLUGIN.replace('module.exports =', 'exports.default =')}` }
    await expect(load(packageOf(tenantLevel, files))).resolves.toMatchObject({ plugin: { meta: { name: 'sample' } } })
  })

  it('registers a plugin with an invalid configuration and gives it the unparsed merge', async () => {
    const invalid = await load(packageOf(tenantLevel), { other: 1 })
    expect(invalid.configuration.status).toBe('invalid')
    expect(invalid.context.config).toEqual({ retries: 3, other: 1 })
    const valid = await load(packageOf(tenantLevel), { url: 'x' })
    expect(valid.context.config).toEqual({ retries: 3, url: 'x', parsed: true })
  })

  it('loses the configuration of a plugin whose meta.name is not the name of its package', async () => {
    const loaded = await load(packageOf({ ...tenantLevel, name: 'another' }), { url: 'x' })
    expect(loaded.context.config).toEqual({ retries: 3 })
  })

  it('reads entities from an array only', async () => {
    expect((await load(packageOf(tenantLevel))).entities).toEqual([])
  })

  it('gives the plugin the scope of the tenant that owns it', async () => {
    const dir = packageOf(tenantLevel)
    expect((await load(dir)).scopeKey).toBe('global')
    const second = await loadPlugin({ dir, tenant: 'second', configFor: async () => ({}) })
    expect(second.scopeKey).toMatch(/^tenant:.+:global$/)
    expect(second.context.organizationId).toBe('global')
  })

  it('mounts a copy of the module list in which plain objects are clones and classes and functions are not', () => {
    class Kept {}
    const instance = new Kept()
    const factory = () => 1
    const ctx = { module: undefined as unknown, self: null as unknown }
    ctx.self = ctx
    const copy = copyModuleList({
      providers: [{ useValue: ctx }, { useFactory: factory }, { useValue: instance }, Kept]
    }) as { providers: unknown[] }
    ctx.module = 'bound later'
    const [cloned, made, same, type] = copy.providers as [
      { useValue: typeof ctx },
      { useFactory: unknown },
      { useValue: unknown },
      unknown
    ]
    expect(cloned.useValue.module).toBeUndefined()
    expect(cloned.useValue.self).toBe(cloned.useValue)
    expect(made.useFactory).toBe(factory)
    expect(same.useValue).toBe(instance)
    expect(type).toBe(Kept)
  })

  it('cannot mark a listed provider that stands for a string', () => {
    class Root {}
    Reflect.defineMetadata('providers', [{ provide: 'A', useExisting: 'B' }], Root)
    expect(() => tagPluginModule(Root, 'global', 'sample')).toThrow(TypeError)
  })

  it("has an SDK whose runWithRequestContext needs headers and drops the work's promise", () => {
    const work = async () => 'lost'
    expect(runWithRequestContext({ headers: {} } as never, {}, work)).toBeUndefined()
    expect(() => runWithRequestContext({} as never, {}, work)).toThrow(TypeError)
  })
})
