import {
  ContactRange,
  DirectoryApi,
  LARK_CODES,
  LarkApiError,
  ListedChat,
  ListedUser,
  ListPage,
  MOST_IDS
} from '../lark'

/** One call that is still to be made; all of them together are where a walk stands. */
export type WalkTask =
  | { part: 'range'; token?: string }
  | { part: 'members' | 'children'; department: string; token?: string }
  | { part: 'people'; ids: string[] }
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

export type ListKind = 'people' | 'groups'

export const kindOf = ({ part }: WalkTask): ListKind => (part === 'chats' ? 'groups' : 'people')

/** Of an app that may read everybody; refused to any other. */
const ROOT = '0'

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
    tasks: [...nextOf(task, range), ...chunks(range.userIds), ...range.departmentIds.flatMap(department)]
  })

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
    const instead = task.part === 'range' && task.token === undefined ? department(ROOT) : []
    return step({ tasks: instead, isSkipped: instead.length === 0 })
  }
}
