import { BadRequestException, Injectable, UnauthorizedException } from '@nestjs/common'
import { RequestContext } from '@xpert-ai/plugin-sdk'
import { DataSource } from 'typeorm'
import { PermissionOperation } from '../plugin/permission-handlers'
import type { AuthenticatedUser } from '../auth/authenticated-user'
import { requestScope } from '../kernel/request-scope'
import { Accounts } from './accounts'
import { AccountBinding, User } from './tenancy.entities'

/** `ACCOUNT_BINDING_PERMISSION_SERVICE_TOKEN` (host-contract 2.2): the current user binds and unbinds. */
@Injectable()
export class AccountBindingService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: Accounts
  ) {}

  @PermissionOperation('write')
  async bindCurrentUser(input: { provider: string; subjectId: string; profile?: Record<string, unknown> }) {
    const { tenantId, userId } = currentActor()
    const { provider, subjectId, profile } = input
    await this.dataSource.transaction(async (manager) => {
      await manager.delete(AccountBinding, [
        { tenantId, provider, subjectId },
        { tenantId, provider, userId }
      ])
      await manager.insert(AccountBinding, {
        tenantId,
        userId,
        provider,
        subjectId,
        profile: (profile ?? null) as never
      })
      if (provider !== 'lark') return
      await manager.update(User, { tenantId, thirdPartyId: subjectId }, { thirdPartyId: null })
      await manager.update(User, { id: userId }, { thirdPartyId: subjectId })
    })
    return { provider, subjectId }
  }

  /** Null for an unknown subject, an unknown tenant and for a ghost (an account without a password). */
  @PermissionOperation('read')
  async resolveBoundUser(input: {
    provider: string
    subjectId: string
    tenantId?: string
  }): Promise<AuthenticatedUser | null> {
    const tenantId = input?.tenantId ?? requestScope()?.tenantId
    if (!tenantId) return null
    const { provider, subjectId } = input
    const binding = await this.dataSource.getRepository(AccountBinding).findOneBy({ tenantId, provider, subjectId })
    const user = binding && (await this.dataSource.getRepository(User).findOneBy({ id: binding.userId }))
    return user?.hash ? this.accounts.withRole(user) : null
  }

  @PermissionOperation('delete')
  async unbindCurrentUser(provider: string): Promise<void> {
    const { tenantId, userId } = currentActor()
    await this.dataSource.getRepository(AccountBinding).delete({ tenantId, userId, provider })
  }
}

function currentActor(): { tenantId: string; userId: string } {
  const userId = RequestContext.currentUserId()
  if (!userId) throw new UnauthorizedException('Unauthorized')
  const tenantId = requestScope()?.tenantId
  if (!tenantId) throw new BadRequestException('Tenant scope is required.')
  return { tenantId, userId }
}
