import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import type { AuthenticatedUser } from '../auth/authenticated-user'
import { signToken } from '../auth/jwt'
import { passwordMatches } from './password'
import { Organization, Role, User } from './tenancy.entities'

/** The host's own view of users and organisations. */
@Injectable()
export class Accounts {
  constructor(private readonly dataSource: DataSource) {}

  async authenticated(userId: string): Promise<AuthenticatedUser | undefined> {
    const user = await this.dataSource.getRepository(User).findOneBy({ id: userId })
    return user ? this.withRole(user) : undefined
  }

  async withRole(user: User): Promise<AuthenticatedUser> {
    const { hash: _hash, ...visible } = user
    const role = user.roleId ? await this.dataSource.getRepository(Role).findOneBy({ id: user.roleId }) : null
    return {
      ...visible,
      role: role && { id: role.id, name: role.name },
      rolePermissions: (role?.permissions ?? []).map((permission) => ({ permission, enabled: true as const }))
    }
  }

  /** A bearer token, or undefined for a wrong password and for ghosts. */
  async login(email: string, password: string): Promise<string | undefined> {
    const user = await this.dataSource.getRepository(User).findOneBy({ email })
    if (!user?.hash || !passwordMatches(password, user.hash)) return undefined
    return this.tokenFor(user.id)
  }

  async tokenFor(userId: string): Promise<string | undefined> {
    const user = await this.authenticated(userId)
    return (
      user &&
      signToken({
        id: user.id,
        tenantId: user.tenantId,
        role: user.role?.name ?? null,
        permissions: user.rolePermissions.map(({ permission }) => permission)
      })
    )
  }

  ownsOrganization(tenantId: string, organizationId: string): Promise<boolean> {
    return this.dataSource
      .createQueryBuilder(Organization, 'organization')
      .where('organization.id::text = :organizationId AND organization."tenantId" = :tenantId', {
        organizationId,
        tenantId
      })
      .getExists()
  }

  roleId(tenantId: string, name: string): Promise<string | undefined> {
    return this.dataSource
      .getRepository(Role)
      .findOneBy({ tenantId, name })
      .then((role) => role?.id)
  }
}
