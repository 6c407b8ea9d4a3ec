import {
  ContactRange,
  DirectoryApi,
  GroupMemberKind,
  LARK_CODES,
  LarkApiError,
  ListedChat,
  ListedUser,
  ListPage,
  MOST_IDS,
  ROOT_DEPARTMENT
} from '../lark'

/** One call that is still to be made; all of them together are where a walk stands. */
export type WalkTask =
  | { part: 'range'; token?: string }
  | { part: 'members' | 'children'; department: string; token?: string }
  | { part: 'people'; ids: string[] }
  | { part: 'userGroups'; ids: string[] }
  | { part: 'groupMembers'; group: string; members: GroupMemberKind; token?: string }
  | { part: 'chats'; token?: string }

export interface WalkStep {
  users: ListedUser[]
  chats: ListedChat[]
  /** What follows from this call. */
  tasks: WalkTask[]
  /** Lark refused this one thing, and not the whole walk. */
  isSkipped: boolean
  /** The app lacks the scope for one kind of list: nothing more of that kind needs to be asked. */
  missing?: ListKind
}

/** Groups are chats; user groups are made by an admin, for the range of an app among other things. */
export type ListKind = 'people' | 'userGroups' | 'groups'

const KINDS: Partial<Record<WalkTask['part'], ListKind>> = {
  userGroups: 'userGroups',
  groupMembers: 'userGroups',
  chats: 'groups'
}

export const kindOf = ({ part }: WalkTask): ListKind => KINDS[part] ?? 'people'

/** The app lacks the scope, so every further call would be refused as well. */
const isScopeMissing = (error: unknown): boolean =>
  error instanceof LarkApiError && error.larkCode === LARK_CODES.scopeMissing

/** A department that was deleted meanwhile, or that the app may not see, does not end the walk. */
const endsOnlyThis = (error: unknown): boolean =>
  error instanceof LarkApiError && ['forbidden', 'invalid_request', 'target_gone'].includes(error.code)

const step = (found: Partial<WalkStep>): WalkStep => ({ users: [], chats: [], tasks: [], isSkipped: false, ...found })

const department = (id: string): WalkTask[] => [
  { part: 'members', department: id },
  { part: 'children', department: id }
]

const userGroup = (id: string): WalkTask[] => [
  { part: 'groupMembers', group: id, members: 'user' },
  { part: 'groupMembers', group: id, members: 'department' }
]

const chunks = (ids: readonly string[]): WalkTask[] => {
  const tasks: WalkTask[] = []
  for (let from = 0; from < ids.length; from += MOST_IDS)
    tasks.push({ part: 'people', ids: ids.slice(from, from + MOST_IDS) })
  return tasks
}

const nextOf = <Task extends WalkTask>(task: Task, { next }: { next?: string }): Task[] =>
  next === undefined ? [] : [{ ...task, token: next }]

const afterRange = (task: WalkTask & { part: 'range' }, range: ContactRange): WalkStep =>
  step({
    tasks: [
      ...nextOf(task, range),
      ...chunks(range.userIds),
      ...range.departmentIds.flatMap(department),
      ...(range.groupIds.length > 0 ? [{ part: 'userGroups' as const, ids: range.groupIds }] : [])
    ]
  })

/** With everybody in the range all user groups are, and have nobody who is not found anyway. */
const afterUserGroups = (ids: readonly string[], readsEverybody: boolean): WalkStep =>
  step({ tasks: readsEverybody ? [] : ids.flatMap(userGroup) })

const afterGroupMembers = (task: WalkTask & { part: 'groupMembers' }, page: ListPage<string>): WalkStep => {
  const found = task.members === 'user' ? chunks(page.items) : page.items.flatMap(department)
  return step({ tasks: [...nextOf(task, page), ...found] })
}

const afterMembers = (task: WalkTask & { part: 'members' | 'children' }, page: ListPage<ListedUser>): WalkStep =>
  step({ users: page.items, tasks: nextOf(task, page) })

const afterChildren = (task: WalkTask & { part: 'members' | 'children' }, page: ListPage<string>): WalkStep =>
  step({ tasks: [...nextOf(task, page), ...page.items.flatMap(department)] })

const ask = async (api: DirectoryApi, task: WalkTask): Promise<WalkStep> => {
  switch (task.part) {
    case 'range':
      return afterRange(task, await api.range(task.token))
    case 'members':
      return afterMembers(task, await api.members(task.department, task.token))
    case 'children':
      return afterChildren(task, await api.children(task.department, task.token))
    case 'userGroups':
      return afterUserGroups(task.ids, await api.readsEverybody())
    case 'groupMembers':
      return afterGroupMembers(task, await api.groupMembers(task.group, task.members, task.token))
    case 'people':
      return step({ users: await api.users(task.ids) })
    case 'chats': {
      const page = await api.chats(task.token)
      return step({ chats: page.items, tasks: nextOf(task, page) })
    }
  }
}

/**
 * Makes one call of a walk. Throws `LarkApiError` when Lark can not be asked just now, or refuses the walk as a whole.
 * Without an answer about its range, the walk begins at the root.
 */
export const walkStep = async (api: DirectoryApi, task: WalkTask): Promise<WalkStep> => {
  try {
    return await ask(api, task)
  } catch (error) {
    if (isScopeMissing(error)) return step({ isSkipped: true, missing: kindOf(task) })
    if (!endsOnlyThis(error)) throw error
    const instead = task.part === 'range' && task.token === undefined ? department(ROOT_DEPARTMENT) : []
    return step({ tasks: instead, isSkipped: instead.length === 0 })
  }
}

const placeOf = (task: WalkTask): string | undefined => {
  if (task.part === 'groupMembers') return `${task.part} ${task.members} ${task.group} ${task.token ?? ''}`
  if (task.part === 'members' || task.part === 'children') return `${task.part} ${task.department} ${task.token ?? ''}`
  return undefined
}

/**
 * Departments, user groups and people overlap: what is found a second time is not asked for again. Not stored: a walk that goes
 * on elsewhere may ask twice, and records nobody twice.
 */
export class AskedBefore {
  private readonly places = new Set<string>()
  private readonly people = new Set<string>()

  /** What of it is new; it counts as asked for from now on. */
  fresh(tasks: readonly WalkTask[]): WalkTask[] {
    return tasks.flatMap((task): WalkTask[] => {
      if (task.part === 'people') {
        const ids = task.ids.filter((id) => isNew(this.people, id))
        return ids.length > 0 ? [{ ...task, ids }] : []
      }
      const place = placeOf(task)
      return place === undefined || isNew(this.places, place) ? [task] : []
    })
  }
}

const isNew = (known: Set<string>, key: string): boolean => {
  if (known.has(key)) return false
  known.add(key)
  return true
}
