import { Controller, Get } from '@nestjs/common'
import { Accounts } from '../accounts/accounts'
import { Public } from '../auth/auth.guard'
import { ORGANIZATIONS, TENANTS, userIdOf, USERS, type SeededTenant, type SeededUser } from '../seed'

/** Bearer tokens of all seeded users, for the playground's pages. */
@Public()
@Controller('_control/tokens')
export class TokensController {
  constructor(private readonly accounts: Accounts) {}

  @Get()
  async all() {
    const tokens = Object.keys(TENANTS).flatMap((tenant) =>
      Object.keys(USERS).map(async (user) => ({
        user,
        tenant,
        tenantId: TENANTS[tenant as SeededTenant].id,
        token: await this.accounts.tokenFor(userIdOf(user as SeededUser, tenant as SeededTenant))
      }))
    )
    return { tokens: await Promise.all(tokens), organizations: ORGANIZATIONS }
  }
}
