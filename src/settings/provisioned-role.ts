/** The name decides, for what a role may do is the host's: in the languages of the host's own pages. */
const ADMINISTRATOR = /admin|owner|root|管理|超管|所有者|拥有者|擁有者/i

/** `SUPER_ADMIN`, `Org Administrator`, `超级管理员`: whoever writes to a bot must never become one. */
export const isAdministratorRole = (roleName: string): boolean => ADMINISTRATOR.test(roleName)
