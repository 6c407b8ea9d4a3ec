/** `SUPER_ADMIN`, `ADMIN`, `Org Administrator`: whoever writes to a bot must never become one. */
export const isAdministratorRole = (roleName: string): boolean => /admin|owner|root/i.test(roleName)
