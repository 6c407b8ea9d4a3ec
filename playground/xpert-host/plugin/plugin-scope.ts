import { MODULE_METADATA } from '@nestjs/common/constants'
import { ORGANIZATION_METADATA_KEY, PLUGIN_METADATA_KEY } from '@xpert-ai/plugin-sdk'
import { TENANTS } from '../seed'

export const GLOBAL_SCOPE = 'global'
export const SYSTEM_SCOPE = 'system:global'
export const BUILTIN_SCOPE = 'builtin:global'

const TENANT_SCOPE = /^tenant:.+:global$/

export const isTenantScope = (scope: string): boolean => TENANT_SCOPE.test(scope)

/** The scope of a tenant's own plugins. An unknown tenant counts as the default one, as in the real host. */
export const tenantScopeKey = (tenantId: string | null | undefined): string =>
  !tenantId || tenantId === TENANTS.default.id ? GLOBAL_SCOPE : `tenant:${tenantId}:global`

/** Where a strategy is looked for, in this order (host-contract 1.6). */
export const lookupScopes = (
  tenantId: string | null | undefined,
  organizationId: string | null | undefined
): string[] => [...(organizationId ? [organizationId] : []), tenantScopeKey(tenantId), SYSTEM_SCOPE, BUILTIN_SCOPE]

/**
 * Marks the module class and what its own decorator lists, nothing else: strategies and controllers of imported
 * sub-modules or of `register().providers` stay unmarked, so the scope guard lets everybody through to them.
 */
export function tagPluginModule(moduleClass: object, scopeKey: string, pluginName: string): void {
  tag(moduleClass, scopeKey, pluginName)
  for (const provider of listed(MODULE_METADATA.PROVIDERS, moduleClass)) tag(taggable(provider), scopeKey, pluginName)
  for (const controller of listed(MODULE_METADATA.CONTROLLERS, moduleClass)) tag(controller, scopeKey, pluginName)
}

const listed = (key: string, moduleClass: object): unknown[] => {
  const value: unknown = Reflect.getMetadata(key, moduleClass)
  return Array.isArray(value) ? value : []
}

function taggable(provider: unknown): unknown {
  if (typeof provider === 'function' || typeof provider !== 'object' || provider === null) return provider
  const custom = provider as { useClass?: unknown; useExisting?: unknown; useValue?: unknown }
  return custom.useClass ?? custom.useExisting ?? custom.useValue
}

/** Throws for a string, symbol or primitive, as the real host does when a listed provider uses one. */
function tag(target: unknown, scopeKey: string, pluginName: string): void {
  if (target === undefined || target === null) return
  Reflect.defineMetadata(ORGANIZATION_METADATA_KEY, scopeKey, target as object)
  Reflect.defineMetadata(PLUGIN_METADATA_KEY, pluginName, target as object)
}
