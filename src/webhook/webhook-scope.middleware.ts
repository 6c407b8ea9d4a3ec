import { Injectable, NestMiddleware } from '@nestjs/common'
import { AddressedIntegration } from './addressed-integration'
import { answerRefusal, HttpRequest, HttpResponse, integrationIdOf } from './http'

/**
 * Outside the default tenant the host's scope guard answers 403 to Lark, which has no user and no tenant
 * (host-observed 28 a). This puts the integration's own tenant and organisation on the request, before the guards, for this
 * route alone; where there is no integration to tell the scope, it answers in the guard's place. A request with an
 * `authorization` header has a scope of its own and is left as it is.
 */
@Injectable()
export class WebhookScopeMiddleware implements NestMiddleware<HttpRequest, HttpResponse> {
  constructor(private readonly addressed: AddressedIntegration) {}

  async use(request: HttpRequest, response: HttpResponse, next: (error?: unknown) => void): Promise<void> {
    try {
      if (request.headers['authorization'] === undefined) await this.scope(request)
    } catch (error) {
      answerRefusal(error, response)
      return
    }
    next()
  }

  private async scope(request: HttpRequest): Promise<void> {
    const { tenantId, organizationId } = await this.addressed.of(integrationIdOf(request))
    const { headers } = request
    headers['tenant-id'] = tenantId
    if (organizationId === null) delete headers['organization-id']
    else headers['organization-id'] = organizationId
    delete headers['x-scope-level']
  }
}
