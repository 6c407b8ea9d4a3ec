/**
 * What every playground database contains from its first start: two tenants, three organisations, four users in each
 * tenant. The ids are fixed, so that a test may look into the database without asking first.
 */
export type SeededTenant = 'default' | 'second'
export type SeededUser = 'admin' | 'editor' | 'viewer' | 'nobody'
export type SeededOrganization = 'first' | 'other' | 'second'

export const TENANTS: Record<SeededTenant, { id: string; name: string }> = {
  default: { id: '10000000-0000-4000-8000-000000000001', name: 'Default Tenant' },
  second: { id: '10000000-0000-4000-8000-000000000002', name: 'Second Tenant' }
}

export const ORGANIZATIONS: Record<SeededOrganization, { id: string; tenant: SeededTenant; name: string }> = {
  first: { id: '20000000-0000-4000-8000-000000000001', tenant: 'default', name: 'First Organization' },
  other: { id: '20000000-0000-4000-8000-000000000002', tenant: 'default', name: 'Other Organization' },
  second: { id: '20000000-0000-4000-8000-000000000003', tenant: 'second', name: 'Second Organization' }
}

export const SEED_PASSWORD = 'playground'

/** Roles of a tenant with what they may do; `SUPER_ADMIN` may do everything. */
export const ROLES: Record<string, string[]> = {
  SUPER_ADMIN: ['INTEGRATION_VIEW', 'INTEGRATION_EDIT', 'XPERT_EDIT', 'PLUGIN_CONFIGURE'],
  AI_BUILDER: ['INTEGRATION_VIEW', 'INTEGRATION_EDIT', 'XPERT_EDIT'],
  VIEWER: ['INTEGRATION_VIEW'],
  EMPLOYEE: []
}

export const USERS: Record<SeededUser, { role: keyof typeof ROLES; number: number }> = {
  admin: { role: 'SUPER_ADMIN', number: 1 },
  editor: { role: 'AI_BUILDER', number: 2 },
  viewer: { role: 'VIEWER', number: 3 },
  nobody: { role: 'EMPLOYEE', number: 4 }
}

export const userIdOf = (user: SeededUser, tenant: SeededTenant): string =>
  `30000000-0000-4000-8000-0000000${tenant === 'default' ? 1 : 2}000${USERS[user].number}`

export const emailOf = (user: SeededUser, tenant: SeededTenant): string => `${user}@${tenant}.playground.example`

export const roleIdOf = (role: string, tenant: SeededTenant): string =>
  `40000000-0000-4000-8000-0000000${tenant === 'default' ? 1 : 2}000${Object.keys(ROLES).indexOf(role) + 1}`
