import { BadRequestException } from '@nestjs/common'
import { RequestContext } from '@xpert-ai/plugin-sdk'

export interface RequestScope {
  tenantId?: string
  organizationId?: string
  level: 'tenant' | 'organization'
}

/**
 * The scope of the current request: the user's tenant, or the `tenant-id` header of a request without a user, and the
 * `organization-id` header. Undefined outside any request context. Throws 400 on contradicting headers.
 */
export function requestScope(): RequestScope | undefined {
  const request = RequestContext.currentRequest() as { headers?: Record<string, unknown> } | null
  if (!request) return undefined
  const header = (name: string): string | undefined => {
    const value = request.headers?.[name]
    return typeof value === 'string' && value ? value : undefined
  }
  const organizationId = header('organization-id')
  const level = header('x-scope-level')
  if (level !== undefined && level !== 'tenant' && level !== 'organization') {
    throw new BadRequestException(`Unknown X-Scope-Level '${level}'`)
  }
  if (level === 'tenant' && organizationId)
    throw new BadRequestException('Organization-Id contradicts X-Scope-Level tenant')
  if (level === 'organization' && !organizationId) {
    throw new BadRequestException('X-Scope-Level organization needs an Organization-Id')
  }
  return {
    tenantId: RequestContext.currentTenantId() ?? header('tenant-id'),
    organizationId,
    level: organizationId ? 'organization' : 'tenant'
  }
}
