import { Injectable } from '@nestjs/common'
import { DiscoveryService, Reflector } from '@nestjs/core'
import {
  BaseStrategyRegistry,
  IntegrationStrategyRegistry,
  ORGANIZATION_METADATA_KEY,
  RequestContext,
  WorkflowTriggerRegistry
} from '@xpert-ai/plugin-sdk'
import { requestScope } from '../kernel/request-scope'
import type { HandoffProcessor } from '../handoff/handoff-message'
import type { IntegrationStrategy } from '../integrations/integration-strategy'
import type { TriggerStrategy } from '../digital-experts/trigger-strategy'
import type { ViewProvider } from '../views/view-contract'
import { BUILTIN_SCOPE, lookupScopes } from './plugin-scope'

type Strategies<S> = Map<string, Map<string, S>>

/** SDK 3.7.2 falls back from the organisation to `global` only; the host looks through more scopes. */
function scopesOf(organizationId?: string): string[] {
  const scope = requestScope()
  return lookupScopes(scope?.tenantId ?? RequestContext.currentTenantId(), organizationId ?? scope?.organizationId)
}

function find<S>(strategies: Strategies<S>, key: string, organizationId?: string): S | undefined {
  for (const scope of scopesOf(organizationId)) {
    const strategy = strategies.get(scope)?.get(key)
    if (strategy) return strategy
  }
  return undefined
}

function entries<S>(strategies: Strategies<S>): [string, S][] {
  const found = new Map<string, S>()
  for (const scope of scopesOf().reverse()) strategies.get(scope)?.forEach((strategy, key) => found.set(key, strategy))
  return [...found]
}

/** An unmarked strategy is found by every tenant, as if it were the host's own; SDK 3.7.2 files it under `global`. */
function fileAsBuiltin(key: string, instance: unknown): void {
  const type: unknown = (instance as { constructor?: unknown } | null)?.constructor
  if (typeof type !== 'function' || Reflect.getMetadata(key, type) === undefined) return
  if (!Reflect.hasMetadata(ORGANIZATION_METADATA_KEY, type))
    Reflect.defineMetadata(ORGANIZATION_METADATA_KEY, BUILTIN_SCOPE, type)
}

@Injectable()
export class IntegrationRegistry extends IntegrationStrategyRegistry {
  constructor(discovery: DiscoveryService, reflector: Reflector) {
    super(discovery, reflector)
  }

  override upsert(instance: unknown): void {
    fileAsBuiltin(this.strategyKey, instance)
    super.upsert(instance)
  }

  find = (provider: string): IntegrationStrategy | undefined =>
    find(this.strategies as unknown as Strategies<IntegrationStrategy>, provider)
  all = (): IntegrationStrategy[] =>
    entries(this.strategies as unknown as Strategies<IntegrationStrategy>).map(([, strategy]) => strategy)
}

@Injectable()
export class TriggerRegistry extends WorkflowTriggerRegistry {
  constructor(discovery: DiscoveryService, reflector: Reflector) {
    super(discovery, reflector)
  }

  override upsert(instance: unknown): void {
    fileAsBuiltin(this.strategyKey, instance)
    super.upsert(instance)
  }

  find = (provider: string): TriggerStrategy | undefined =>
    find(this.strategies as unknown as Strategies<TriggerStrategy>, provider)
  all = (): TriggerStrategy[] =>
    entries(this.strategies as unknown as Strategies<TriggerStrategy>).map(([, strategy]) => strategy)
}

@Injectable()
export class HandoffProcessorRegistry extends BaseStrategyRegistry<HandoffProcessor> {
  constructor(discovery: DiscoveryService, reflector: Reflector) {
    super('HANDOFF_PROCESSOR_STRATEGY', discovery, reflector)
  }

  override upsert(instance: unknown): void {
    fileAsBuiltin(this.strategyKey, instance)
    super.upsert(instance)
  }

  find = (messageType: string, organizationId?: string): HandoffProcessor | undefined =>
    find(this.strategies, messageType, organizationId)
}

@Injectable()
export class ViewProviderRegistry extends BaseStrategyRegistry<ViewProvider> {
  constructor(discovery: DiscoveryService, reflector: Reflector) {
    super('VIEW_EXTENSION_PROVIDER', discovery, reflector)
  }

  override upsert(instance: unknown): void {
    fileAsBuiltin(this.strategyKey, instance)
    super.upsert(instance)
  }

  find = (key: string): ViewProvider | undefined => find(this.strategies, key)
  entries = (): [string, ViewProvider][] => entries(this.strategies)
}
