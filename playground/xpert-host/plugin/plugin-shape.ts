import type { DynamicModule, ModuleMetadata, Type } from '@nestjs/common'
import type { ModuleRef } from '@nestjs/core'
import type { PluginLogger } from '@xpert-ai/plugin-sdk'

/** A permission as a plugin declares it; types that the host does not know are accepted. */
export interface PluginPermission {
  type: string
  operations?: string[]
  providers?: string[]
}

/** `PluginContext` of host-contract 2.1: SDK 3.7.2 knows only a part of it. */
export interface HostPluginContext {
  module?: ModuleRef
  logger: PluginLogger
  config: Record<string, unknown>
  tenantId: string
  organizationId: string
  scopeKey: string
  resolve(token: unknown): unknown
}

export interface PluginShape {
  meta: { name: string; version?: string; level?: string; artifactNamespace?: string }
  config?: {
    schema?: { parse(value: unknown): Record<string, unknown> }
    defaults?: Record<string, unknown>
    formSchema?: Record<string, unknown>
  }
  permissions?: PluginPermission[]
  register(context: HostPluginContext): DynamicModule
}

export interface PluginModuleInstance {
  onPluginBootstrap?(): void | Promise<void>
  onPluginDestroy?(): void | Promise<void>
}

export type PluginModuleClass = Type<PluginModuleInstance>
export type ModuleImports = NonNullable<ModuleMetadata['imports']>
