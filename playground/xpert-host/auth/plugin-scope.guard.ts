import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { ORGANIZATION_METADATA_KEY } from '@xpert-ai/plugin-sdk'
import { requestScope } from '../kernel/request-scope'
import { GLOBAL_SCOPE, isTenantScope, SYSTEM_SCOPE, tenantScopeKey } from '../plugin/plugin-scope'

/**
 * Keeps a plugin's marked controllers to their scope, public routes included. It is no authentication: an anonymous
 * request passes to a plugin of the default tenant and is refused for a plugin of any other.
 */
@Injectable()
export class PluginScopeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const pluginScope = this.reflector.getAllAndOverride<string | undefined>(ORGANIZATION_METADATA_KEY, [
      context.getHandler(),
      context.getClass()
    ])
    if (!pluginScope || pluginScope === SYSTEM_SCOPE) return true
    const scope = requestScope()
    const ownScope = tenantScopeKey(scope?.tenantId)
    const byTenant = pluginScope === GLOBAL_SCOPE || isTenantScope(pluginScope)
    if (byTenant ? pluginScope === ownScope : pluginScope === scope?.organizationId) return true
    throw new ForbiddenException('Plugin endpoint is not available in the current tenant or organization scope')
  }
}
