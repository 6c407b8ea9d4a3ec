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
import { textOf } from '../shared'
import { IntegrationAccess } from './integration-access'
import { LarkIntegration } from './lark-settings'

/** Which access a route asks for; a test finds every route without it. */
const ACCESS_METADATA = 'lark:integration-access'
const PLACE_METADATA = 'lark:integration-place'

/** Where a route names its integration: `:id` in the path, or `?integration=` where a form appends it. */
export type IntegrationPlace = 'path' | 'query'

interface IntegrationRequest {
  params: Record<string, string | undefined>
  query: Record<string, unknown>
  larkIntegration?: LarkIntegration
}

/** Resolves the integration that the request names, or ends the request. */
@Injectable()
export class IntegrationGuard implements CanActivate {
  constructor(private readonly access: IntegrationAccess) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<IntegrationRequest>()
    const access = Reflect.getMetadata(ACCESS_METADATA, context.getHandler()) as Access
    const place = Reflect.getMetadata(PLACE_METADATA, context.getHandler()) as IntegrationPlace
    const named = place === 'query' ? request.query['integration'] : request.params['id']
    request.larkIntegration = await this.access.open(textOf(named) ?? '', access)
    return true
  }
}

/** For every route about one integration. The handler takes it with `@OwnIntegration()`. */
export const ForIntegration = (access: Access, place: IntegrationPlace = 'path'): MethodDecorator =>
  applyDecorators(SetMetadata(ACCESS_METADATA, access), SetMetadata(PLACE_METADATA, place), UseGuards(IntegrationGuard))

export const OwnIntegration = createParamDecorator(
  (_data: unknown, context: ExecutionContext): LarkIntegration | undefined =>
    context.switchToHttp().getRequest<IntegrationRequest>().larkIntegration
)
