import { LarkSimulator, SimApp, SimChat, SimDepartment, SimUser } from '../../playground/lark-simulator/client'

export interface LargeTenant {
  members: SimUser[]
  /** Nested: each is below the one with half its number. */
  departments: SimDepartment[]
  groups: SimChat[]
}

/** People in departments below departments, and groups of the bot; a few people are in two departments, a few in none. */
export const largeTenant = async (
  lark: LarkSimulator,
  app: SimApp,
  size: { members: number; departments: number; groups: number }
): Promise<LargeTenant> => {
  const departments: SimDepartment[] = []
  for (let index = 1; index <= size.departments; index += 1) {
    const parent = departments[Math.floor(index / 2) - 1]
    const name = `Department ${index}`
    departments.push(await lark.createDepartment({ name, ...(parent ? { parentId: parent.departmentId } : {}) }))
  }
  const members = await lark.createUsers(
    Array.from({ length: size.members }, (_, index) => {
      const first = departments[index % (size.departments + 1)]?.departmentId ?? '0'
      const second = departments[0]!.departmentId
      return { name: `Member ${index + 1}`, departmentIds: index % 50 === 3 ? [first, second] : [first] }
    })
  )
  const groups = await lark.createOldGroups(
    Array.from({ length: size.groups }, (_, index) => ({
      name: `Group ${index + 1}`,
      userIds: [members[index % members.length]!.userId],
      appIds: [app.appId]
    }))
  )
  return { members, departments, groups }
}
