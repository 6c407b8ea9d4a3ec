import type { EntityManager } from 'typeorm'
import {
  emailOf,
  ORGANIZATIONS,
  roleIdOf,
  ROLES,
  SEED_PASSWORD,
  TENANTS,
  userIdOf,
  USERS,
  type SeededTenant,
  type SeededUser
} from '../seed'
import { hashPassword } from './password'
import { Organization, Role, Tenant, User, UserOrganization } from './tenancy.entities'

/** Puts in what is missing and changes nothing that is there. */
export async function seedDatabase(manager: EntityManager): Promise<void> {
  await addMissing(manager, Tenant, Object.values(TENANTS))
  await addMissing(
    manager,
    Organization,
    Object.values(ORGANIZATIONS).map(({ id, name, tenant }) => ({ id, name, tenantId: TENANTS[tenant].id }))
  )
  for (const tenant of Object.keys(TENANTS) as SeededTenant[]) await seedTenant(manager, tenant)
}

async function seedTenant(manager: EntityManager, tenant: SeededTenant): Promise<void> {
  const tenantId = TENANTS[tenant].id
  const names = Object.keys(USERS) as SeededUser[]
  await addMissing(
    manager,
    Role,
    Object.entries(ROLES).map(([name, permissions]) => ({ id: roleIdOf(name, tenant), tenantId, name, permissions }))
  )
  await addMissing(
    manager,
    User,
    names.map((name) => ({
      id: userIdOf(name, tenant),
      tenantId,
      email: emailOf(name, tenant),
      username: name,
      firstName: name,
      preferredLanguage: 'en-US',
      hash: hashPassword(SEED_PASSWORD, userIdOf(name, tenant)),
      roleId: roleIdOf(USERS[name].role, tenant)
    }))
  )
  const organizations = Object.values(ORGANIZATIONS).filter((organization) => organization.tenant === tenant)
  await addMissing(
    manager,
    UserOrganization,
    names.flatMap((name) =>
      organizations.map((organization) => ({
        tenantId,
        organizationId: organization.id,
        userId: userIdOf(name, tenant)
      }))
    )
  )
}

const addMissing = (manager: EntityManager, entity: new () => object, rows: object[]): Promise<unknown> =>
  manager.createQueryBuilder().insert().into(entity).values(rows).orIgnore().execute()
