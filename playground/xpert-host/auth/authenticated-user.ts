/** `req.user` of an authenticated request. */
export interface AuthenticatedUser {
  id: string
  tenantId: string
  email?: string | null
  username?: string | null
  firstName?: string | null
  lastName?: string | null
  preferredLanguage?: string | null
  thirdPartyId?: string | null
  roleId?: string | null
  role: { id: string; name: string } | null
  rolePermissions: { permission: string; enabled: true }[]
}
