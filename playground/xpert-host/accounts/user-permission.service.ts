import { Injectable } from '@nestjs/common'
import { RequestContext } from '@xpert-ai/plugin-sdk'
import { DataSource, type FindOptionsWhere } from 'typeorm'
import { PermissionOperation } from '../plugin/permission-handlers'
import type { AuthenticatedUser } from '../auth/authenticated-user'
import { Accounts } from './accounts'
import { User, UserOrganization } from './tenancy.entities'

export interface ProvisionInput {
  tenantId: string
  thirdPartyId: string
  organizationId?: string
  profile?: Partial<
    Record<'username' | 'email' | 'mobile' | 'imageUrl' | 'firstName' | 'lastName' | 'preferredLanguage', string>
  >
  defaults?: { roleId?: string; roleName?: string }
}

/** `USER_PERMISSION_SERVICE_TOKEN` (host-contract 2.2). Every failure comes out as null. */
@Injectable()
export class UserPermissionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: Accounts
  ) {}

  @PermissionOperation('read')
  async read(where: FindOptionsWhere<User>): Promise<AuthenticatedUser | null> {
    if (!where || typeof where !== 'object') return null
    try {
      const user = await this.dataSource.getRepository(User).findOneBy(where)
      return user && (await this.accounts.withRole(user))
    } catch {
      return null
    }
  }

  /** Finds or creates the user of a third-party identity. Creating needs the host's request context of that tenant. */
  @PermissionOperation('write')
  async provisionByThirdPartyIdentity(input: ProvisionInput): Promise<AuthenticatedUser | null> {
    if (!input?.tenantId || !input.thirdPartyId) return null
    const { tenantId, thirdPartyId } = input
    const existing = await this.read({ tenantId, thirdPartyId })
    if (!existing && RequestContext.currentTenantId() !== tenantId) return null
    try {
      if (!existing) await this.create(input)
      const user = existing ?? (await this.read({ tenantId, thirdPartyId }))
      if (user && input.organizationId) await this.join(tenantId, user.id, input.organizationId)
      return user
    } catch {
      return null
    }
  }

  private async create(input: ProvisionInput): Promise<void> {
    const { tenantId, thirdPartyId, profile, defaults } = input
    const roleId = defaults?.roleId ?? (await this.accounts.roleId(tenantId, defaults?.roleName ?? 'VIEWER'))
    const fallbackName = thirdPartyId.replace(/\W/g, '').slice(0, 20) || 'third_party'
    const row = { ...profile, tenantId, thirdPartyId, username: profile?.username || fallbackName, roleId }
    await this.dataSource.createQueryBuilder().insert().into(User).values(row).orIgnore().execute()
  }

  private async join(tenantId: string, userId: string, organizationId: string): Promise<void> {
    const row = { tenantId, userId, organizationId }
    await this.dataSource.createQueryBuilder().insert().into(UserOrganization).values(row).orIgnore().execute()
  }
}
