import type { PluginPermission } from './plugin-shape'

/** Method metadata that names the operation a plugin must have declared to call the method. */
export const PERMISSION_OPERATION = 'XPERT_PLUGIN_PERMISSION_OPERATION'

export const PermissionOperation =
  (operation: string): MethodDecorator =>
  (_target, _property, descriptor) => {
    Reflect.defineMetadata(PERMISSION_OPERATION, operation, descriptor.value as object)
  }

export const HOST_TOKENS = {
  integration: 'XPERT_PLUGIN_INTEGRATION_PERMISSION_SERVICE',
  handoff: 'XPERT_PLUGIN_HANDOFF_PERMISSION_SERVICE',
  handoffQueue: 'XPERT_HANDOFF_QUEUE_SERVICE',
  user: 'XPERT_PLUGIN_USER_PERMISSION_SERVICE',
  accountBinding: 'XPERT_PLUGIN_ACCOUNT_BINDING_PERMISSION_SERVICE',
  boundIdentityLogin: 'XPERT_PLUGIN_BOUND_IDENTITY_LOGIN_PERMISSION_SERVICE',
  ssoBinding: 'XPERT_PLUGIN_SSO_BINDING_PERMISSION_SERVICE',
  speechToText: 'XPERT_PLUGIN_SPEECH_TO_TEXT_PERMISSION_SERVICE',
  configResolver: 'XPERT_PLUGIN_CONFIG_RESOLVER',
  runtimeCapabilities: 'XPERT_RUNTIME_CAPABILITIES',
  viewCache: 'XPERT_PLUGIN_VIEW_EXTENSION_CACHE_SERVICE'
} as const

interface PermissionHandler {
  type: string
  /** The token that the service really sits under. */
  target: string
  /** Operations when the plugin declares none; undefined: the service is handed out without a guard. */
  operations?: readonly string[]
  /** Where a call names the provider that `permission.providers` may restrict. */
  providerOf?: (args: unknown[]) => unknown
}

const providerField = (args: unknown[]): unknown => (args[0] as { provider?: unknown } | undefined)?.provider ?? args[0]

const HANDLERS: Record<string, PermissionHandler> = {
  [HOST_TOKENS.integration]: { type: 'integration', target: HOST_TOKENS.integration },
  [HOST_TOKENS.handoff]: { type: 'handoff', target: HOST_TOKENS.handoffQueue, operations: ['enqueue', 'wait'] },
  [HOST_TOKENS.user]: { type: 'user', target: HOST_TOKENS.user, operations: ['read', 'write', 'update', 'delete'] },
  [HOST_TOKENS.accountBinding]: {
    type: 'account_binding',
    target: HOST_TOKENS.accountBinding,
    operations: ['read', 'write', 'delete'],
    providerOf: providerField
  },
  [HOST_TOKENS.boundIdentityLogin]: {
    type: 'bound_identity_login',
    target: HOST_TOKENS.boundIdentityLogin,
    operations: ['create']
  },
  [HOST_TOKENS.ssoBinding]: { type: 'sso_binding', target: HOST_TOKENS.ssoBinding, operations: ['create'] },
  [HOST_TOKENS.speechToText]: { type: 'speech_to_text', target: HOST_TOKENS.speechToText, operations: ['transcribe'] }
}

const handlerOf = (token: unknown): PermissionHandler | undefined =>
  typeof token === 'string' ? HANDLERS[token] : undefined

/** Throws when the token needs a permission type that the plugin does not declare. */
export function assertDeclared(plugin: string, permissions: PluginPermission[], token: unknown): void {
  const handler = handlerOf(token)
  if (!handler || permissions.some((permission) => permission.type === handler.type)) return
  throw new Error(
    `Plugin '${plugin}' attempted to resolve '${String(token)}' without declaring '${handler.type}' permission.`
  )
}

export const targetToken = (token: unknown): unknown => handlerOf(token)?.target ?? token

/** Wraps a service so that every call is checked against the declared operations and providers. */
export function guardService(
  plugin: string,
  permissions: PluginPermission[],
  token: unknown,
  service: unknown
): unknown {
  const handler = handlerOf(token)
  if (!handler?.operations || typeof service !== 'object' || service === null) return service
  const declared = permissions.find((permission) => permission.type === handler.type)
  const operations = new Set(declared?.operations?.length ? declared.operations : handler.operations)
  const providers = declared?.providers?.length && handler.providerOf ? new Set<unknown>(declared.providers) : undefined
  return new Proxy(service, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property)
      if (typeof method !== 'function') return method
      const operation: unknown = Reflect.getMetadata(PERMISSION_OPERATION, method)
      return (...args: unknown[]): unknown => {
        if (typeof operation !== 'string') {
          throw new Error(
            `Plugin '${plugin}' attempted to call unannotated ${handler.type} method '${String(property)}'.`
          )
        }
        if (!operations.has(operation)) throw undeclared(plugin, handler.type, `operation '${operation}'`, 'operations')
        const provider = handler.providerOf?.(args)
        if (providers && !providers.has(provider)) {
          throw undeclared(plugin, handler.type, `provider '${String(provider)}'`, 'providers')
        }
        return Reflect.apply(method, target, args)
      }
    }
  })
}

const undeclared = (plugin: string, type: string, what: string, list: string): Error =>
  new Error(`Plugin '${plugin}' attempted ${type} ${what} without declaring it in '${type}.${list}'.`)
