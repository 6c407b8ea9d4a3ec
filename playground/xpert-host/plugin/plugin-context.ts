import { createPluginLogger } from '@xpert-ai/plugin-sdk'
import { assertDeclared, guardService, targetToken } from './permission-handlers'
import type { HostPluginContext, PluginPermission } from './plugin-shape'

export interface ContextInput {
  name: string
  config: Record<string, unknown>
  permissions: PluginPermission[]
  tenantId: string
  scopeKey: string
}

/** `resolve` works only after the host has bound `module`, which it does when its own plugin module initialises. */
export function createPluginContext(input: ContextInput): HostPluginContext {
  const guarded = new Map<unknown, unknown>()
  const context: HostPluginContext = {
    module: undefined,
    config: input.config,
    logger: createPluginLogger(`plugin:${input.name}`),
    tenantId: input.tenantId,
    organizationId: 'global',
    scopeKey: input.scopeKey,
    resolve(token) {
      assertDeclared(input.name, input.permissions, token)
      if (!context.module) {
        throw new Error(`Plugin '${input.name}' context is not bound to a Nest application context yet.`)
      }
      const known = guarded.get(token)
      if (known) return known
      const service: unknown = context.module.get(targetToken(token) as string, { strict: false })
      const result = guardService(input.name, input.permissions, token, service)
      guarded.set(token, result)
      return result
    }
  }
  return context
}
