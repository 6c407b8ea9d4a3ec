import {
  ForbiddenException,
  Injectable,
  SetMetadata,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext
} from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { Request } from 'express'
import { Accounts } from '../accounts/accounts'
import { requestScope } from '../kernel/request-scope'
import type { AuthenticatedUser } from './authenticated-user'
import { readToken } from './jwt'

/** The metadata key by which the host, and a plugin, opens a route to everybody. */
export const IS_PUBLIC = 'isPublic'
export const Public = () => SetMetadata(IS_PUBLIC, true)

const PERMISSIONS = 'PERMISSIONS'
/** One of these is enough. */
export const Permissions = (...anyOf: string[]) => SetMetadata(PERMISSIONS, anyOf)

/** Bearer tokens on everything that is not public. A public request has no user, even when it carries a token. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly accounts: Accounts
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()]
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, targets)) return true
    const request = context.switchToHttp().getRequest<Request & { user?: AuthenticatedUser }>()
    const [kind, token] = (request.headers.authorization ?? '').split(' ')
    const claims = kind?.toLowerCase() === 'bearer' && token ? readToken(token) : undefined
    const user = claims && (await this.accounts.authenticated(claims.id))
    if (!user) throw new UnauthorizedException()
    request.user = user
    await this.assertOwnScope(user)
    const anyOf = this.reflector.getAllAndOverride<string[]>(PERMISSIONS, targets)
    if (anyOf && !user.rolePermissions.some(({ permission }) => anyOf.includes(permission))) {
      throw new ForbiddenException(`Needs ${anyOf.join(' or ')}`)
    }
    return true
  }

  private async assertOwnScope(user: AuthenticatedUser): Promise<void> {
    const organizationId = requestScope()?.organizationId
    if (organizationId && !(await this.accounts.ownsOrganization(user.tenantId, organizationId))) {
      throw new ForbiddenException('The organization belongs to another tenant')
    }
  }
}
