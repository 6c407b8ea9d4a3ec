import { RequestContext } from '@xpert-ai/plugin-sdk'
import { isObject, textOf } from '../shared'

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

/** What somebody wants of an integration: to look, to change what it does, or to choose from it in a form. */
export type Access = 'read' | 'act' | 'pick'

/** The host's permissions for it; one of them is enough. */
export const PERMISSIONS_FOR: Record<Access, readonly string[]> = {
  read: ['INTEGRATION_VIEW', 'INTEGRATION_EDIT'],
  act: ['INTEGRATION_EDIT'],
  pick: ['INTEGRATION_VIEW', 'INTEGRATION_EDIT', 'XPERT_EDIT']
}

type SdkPermissions = Parameters<typeof RequestContext.hasAnyPermission>[0]

/** The host's own guards can not be imported (host-contract §5). False outside a request. */
export const callerMay = (access: Access): boolean => {
  try {
    return RequestContext.hasAnyPermission([...PERMISSIONS_FOR[access]] as unknown as SdkPermissions)
  } catch {
    // No permissions in the token, or a token that is not the host's.
    return false
  }
}

/** The language of the reader's interface, `zh-Hans` for example; undefined outside a request. */
export const readerLanguage = (): string | undefined => {
  const request: unknown = RequestContext.currentRequest()
  const headers = isObject(request) ? request['headers'] : undefined
  return isObject(headers) ? textOf(headers['language']) : undefined
}
