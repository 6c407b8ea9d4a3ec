import { RequestContext } from '@xpert-ai/plugin-sdk'

/** Who is calling, as the host's guards established it; nulls outside a request. */
export interface Caller {
  tenantId: string | null
  organizationId: string | null
  userId: string | null
}

export const currentCaller = (): Caller => {
  const user = RequestContext.currentUser() as { id?: string; tenantId?: string } | null | undefined
  return {
    tenantId: user?.tenantId ?? null,
    organizationId: RequestContext.getOrganizationId() ?? null,
    userId: user?.id ?? null
  }
}
