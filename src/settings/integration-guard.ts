import {
  applyDecorators,
  CanActivate,
  createParamDecorator,
  ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards
} from '@nestjs/common'
import { Access } from '../host'
import { IntegrationAccess } from './integration-access'
import { LarkIntegration } from './lark-settings'

/** Which access a route asks for; a test finds every route without it. */
export const ACCESS_METADATA = 'lark:integration-access'

interface IntegrationRequest {
  params: Record<string, string | undefined>
  larkIntegration?: LarkIntegration
}

/** Resolves the integration that `:id` names, or ends the request. */
@Injectable()
export class IntegrationGuard implements CanActivate {
  constructor(private readonly access: IntegrationAccess) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<IntegrationRequest>()
    const access = Reflect.getMetadata(ACCESS_METADATA, context.getHandler()) as Access
    request.larkIntegration = await this.access.open(request.params['id'] ?? '', access)
    return true
  }
}

/** For every route about one integration, whose path names it as `:id`. The handler takes it with `@OwnIntegration()`. */
export const ForIntegration = (access: Access): MethodDecorator =>
  applyDecorators(SetMetadata(ACCESS_METADATA, access), UseGuards(IntegrationGuard))

export const OwnIntegration = createParamDecorator(
  (_data: unknown, context: ExecutionContext): LarkIntegration | undefined =>
    context.switchToHttp().getRequest<IntegrationRequest>().larkIntegration
)
