import { Injectable, NestMiddleware } from '@nestjs/common'
import { IntegrationReader } from '../settings'
import { isUuid, Log } from '../shared'

/** The part of an HTTP request that is read and changed here. */
export interface ScopedRequest {
  params?: Record<string, string | string[] | undefined>
  url?: string
  originalUrl?: string
  headers: Record<string, string | string[] | undefined>
}

const ID_IN_URL = /\/lark\/webhook\/([^/?#]+)/

const integrationIdOf = (request: ScopedRequest): string => {
  const param = request.params?.['integrationId']
  if (typeof param === 'string') return param
  return ID_IN_URL.exec(request.originalUrl ?? request.url ?? '')?.[1] ?? ''
}

/**
 * Outside the default tenant the host's scope guard answers 403 to Lark, which has no user and no tenant
 * (host-observed 28 a). This puts the integration's own tenant and organisation on the request, before the guards, for this
 * route alone; a request with an `authorization` header has a scope of its own and is left as it is.
 */
@Injectable()
export class WebhookScopeMiddleware implements NestMiddleware<ScopedRequest, unknown> {
  private readonly log = new Log('webhook')

  constructor(private readonly integrations: IntegrationReader) {}

  async use(request: ScopedRequest, _response: unknown, next: (error?: unknown) => void): Promise<void> {
    try {
      await this.scope(request)
    } catch (error) {
      this.log.warn('the scope of a webhook request is unknown', {}, error)
    }
    next()
  }

  private async scope(request: ScopedRequest): Promise<void> {
    if (request.headers['authorization'] !== undefined) return
    const id = integrationIdOf(request)
    const integration = isUuid(id) ? await this.integrations.find(id) : null
    if (!integration) return
    request.headers['tenant-id'] = integration.tenantId
    if (integration.organizationId === null) delete request.headers['organization-id']
    else request.headers['organization-id'] = integration.organizationId
    delete request.headers['x-scope-level']
  }
}
