import type { App, Department, User, UserGroup } from '../state/model'
import type { World } from '../state/world'

export const ROOT = '0'

/** The root is visible only to an app that may read everybody. */
export function seesDepartment(world: World, app: App, departmentId: string): boolean {
  if (app.contactRange === 'all') return departmentId === ROOT || world.departments.has(departmentId)
  return ancestry(world, departmentId).some((id) => isIn(world, app, id))
}

export function visibleUsers(world: World, app: App): User[] {
  return [...world.users.values()].filter((user) => seesUser(world, app, user))
}

export function seesUser(world: World, app: App, { userId, departmentIds }: User): boolean {
  if (app.unavailableUserIds.includes(userId)) return false
  if (app.contactRange === 'all') return true
  if (app.contactRange.userIds.includes(userId)) return true
  if (groupsInRange(world, app).some((group) => group.userIds.includes(userId))) return true
  return departmentIds.some((id) => seesDepartment(world, app, id))
}

export function seesGroup(world: World, app: App, groupId: string): boolean {
  return groupsInRange(world, app).some((group) => group.groupId === groupId)
}

export const childrenOf = (world: World, parentId: string): Department[] =>
  [...world.departments.values()].filter((department) => department.parentId === parentId)

/** With all below them. */
export const descendantsOf = (world: World, parentId: string): Department[] =>
  childrenOf(world, parentId).flatMap((child) => [child, ...descendantsOf(world, child.departmentId)])

export const membersOf = (world: World, departmentId: string): User[] =>
  [...world.users.values()].filter(({ departmentIds }) => departmentIds.includes(departmentId))

/** What the admin chose; for everybody, the departments of the first level, the people who are in none and every user group. */
export function chosenRange(
  world: World,
  app: App
): { departmentIds: string[]; userIds: string[]; groupIds: string[] } {
  if (app.contactRange !== 'all') return { groupIds: [], ...app.contactRange }
  return {
    departmentIds: childrenOf(world, ROOT).map(({ departmentId }) => departmentId),
    userIds: membersOf(world, ROOT).map(({ userId }) => userId),
    groupIds: [...world.userGroups.keys()]
  }
}

const groupsInRange = (world: World, app: App): UserGroup[] =>
  chosenRange(world, app).groupIds.flatMap((id) => world.userGroups.get(id) ?? [])

const isIn = (world: World, app: App, departmentId: string): boolean =>
  app.contactRange !== 'all' &&
  (app.contactRange.departmentIds.includes(departmentId) ||
    groupsInRange(world, app).some(({ departmentIds }) => departmentIds.includes(departmentId)))

function ancestry(world: World, departmentId: string): string[] {
  const parent = world.departments.get(departmentId)?.parentId
  return parent === undefined ? [] : [departmentId, ...ancestry(world, parent)]
}
