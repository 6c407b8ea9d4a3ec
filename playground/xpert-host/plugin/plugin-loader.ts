import type { DynamicModule } from '@nestjs/common'
import { PLUGIN_METADATA } from '@xpert-ai/plugin-sdk'
import { TENANTS } from '../seed'
import { resolveConfig, type ResolvedConfig } from './plugin-config'
import { createPluginContext } from './plugin-context'
import { PluginLoadError, readPluginPackage, type PluginPackage } from './plugin-package'
import { SYSTEM_SCOPE, tagPluginModule, tenantScopeKey } from './plugin-scope'
import type { HostPluginContext, PluginModuleClass, PluginShape } from './plugin-shape'

export interface LoadPluginOptions {
  dir: string
  /** The tenant that installed the plugin. */
  tenant: 'default' | 'second'
  /** The configuration stored for the package of this name. */
  configFor(packageName: string, scopeKey: string): Promise<Record<string, unknown>>
}

export interface LoadedPlugin {
  package: PluginPackage
  plugin: PluginShape
  scopeKey: string
  tenantId: string
  context: HostPluginContext
  configuration: ResolvedConfig
  /** What the host mounts: a deep copy of what `register` returned, see copyModuleList. */
  dynamicModule: DynamicModule
  moduleClass: PluginModuleClass
  entities: (new () => object)[]
}

/** Loads the built plugin and calls `register`; nothing of Nest runs yet, so `ctx.resolve` does not work in there. */
export async function loadPlugin(options: LoadPluginOptions): Promise<LoadedPlugin> {
  const pluginPackage = readPluginPackage(options.dir)
  const plugin = requirePlugin(pluginPackage)
  const tenantId = TENANTS[options.tenant].id
  const scopeKey = pluginPackage.level === 'system' ? SYSTEM_SCOPE : tenantScopeKey(tenantId)
  // Stored under the package's name, looked up by meta.name: where they differ the configuration is lost.
  const stored = plugin.meta.name === pluginPackage.name ? await options.configFor(pluginPackage.name, scopeKey) : {}
  const configuration = resolveConfig(plugin, stored)
  const context = createPluginContext({
    name: plugin.meta.name,
    config: configuration.config,
    permissions: plugin.permissions ?? [],
    tenantId,
    scopeKey
  })
  const registered: unknown = plugin.register(context)
  if (!isDynamicModule(registered)) throw new PluginLoadError('register() did not return a DynamicModule')
  const moduleClass = registered.module as PluginModuleClass
  tagPluginModule(moduleClass, scopeKey, pluginPackage.name)
  return {
    package: pluginPackage,
    plugin,
    scopeKey,
    tenantId,
    context,
    configuration,
    dynamicModule: copyModuleList(registered) as DynamicModule,
    moduleClass,
    entities: readEntities(moduleClass)
  }
}

function requirePlugin(pluginPackage: PluginPackage): PluginShape {
  // eslint's no-require-imports does not reach this: the path is known only at run time, and the host itself requires.
  const exported = loadModule(pluginPackage.entry)
  const plugin = (exported as { default?: unknown })?.default ?? exported
  const candidate = plugin as Partial<PluginShape> | null
  if (!candidate || typeof candidate.meta !== 'object' || typeof candidate.register !== 'function') {
    throw new PluginLoadError('Module does not export a valid XpertPlugin')
  }
  const shape = candidate as PluginShape
  if (shape.meta.level !== undefined && shape.meta.level !== pluginPackage.level) {
    throw new PluginLoadError(`meta.level ${shape.meta.level} differs from package.json's ${pluginPackage.level}`)
  }
  if (
    shape.meta.artifactNamespace &&
    pluginPackage.artifactNamespace &&
    shape.meta.artifactNamespace !== pluginPackage.artifactNamespace
  ) {
    throw new PluginLoadError("meta.artifactNamespace differs from package.json's")
  }
  return shape
}

const loadModule = (entry: string): unknown => module.require(entry)

const isDynamicModule = (value: unknown): value is DynamicModule =>
  typeof value === 'object' && value !== null && typeof (value as DynamicModule).module === 'function'

/** Only an array counts: the host's collector does not call functions. */
function readEntities(moduleClass: object): (new () => object)[] {
  const entities: unknown = Reflect.getMetadata(PLUGIN_METADATA.ENTITIES, moduleClass)
  return Array.isArray(entities) ? entities : []
}

/**
 * The host deep-merges its list of plugin modules into its own configuration. Plain objects come out as copies, so a
 * provider `useValue: ctx` is a stale clone: its `module` stays undefined and its `config` never changes
 * (host-observed 4). Functions and classes are shared, so `useFactory: () => ctx` gives the live one.
 */
export function copyModuleList(value: unknown, seen = new Map<object, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return value
  const known = seen.get(value)
  if (known) return known
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    seen.set(value, copy)
    value.forEach((item) => copy.push(copyModuleList(item, seen)))
    return copy
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  const copy: Record<PropertyKey, unknown> = {}
  seen.set(value, copy)
  for (const key of Reflect.ownKeys(value)) copy[key] = copyModuleList(Reflect.get(value, key), seen)
  return copy
}
