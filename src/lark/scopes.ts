/** Of each list any one scope will do; the first is what we ask for (lark-platform 3.3, 5.4, 5.5). */
type AnyOf = readonly [string, ...string[]]

/** Lets an app read people. */
export const PEOPLE_SCOPES: AnyOf = [
  'contact:contact.base:readonly',
  'contact:contact:readonly',
  'contact:contact:readonly_as_app',
  'contact:contact:access_as_app'
]

/** Lets an app list the members of user groups, which are no chats. */
export const USER_GROUP_SCOPES: AnyOf = ['contact:group:readonly']

/** Lets an app list the groups that it is in. */
export const GROUP_SCOPES: AnyOf = ['im:chat:readonly', 'im:chat', 'im:chat:read']

/** Lets an app receive every message of its groups. */
export const EVERY_MESSAGE_SCOPES: AnyOf = ['im:message.group_msg', 'im:message.group_msg:readonly']

/** Whether what a tenant has granted lets an app do what any one of `scopes` lets it do. */
export const hasOneOf = (granted: ReadonlySet<string>, scopes: readonly string[]): boolean =>
  scopes.some((scope) => granted.has(scope))
