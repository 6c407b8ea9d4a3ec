import type { App, Department, User } from '../state/model'
import type { World } from '../state/world'
import { larkError } from '../wire/error-codes'
import { LarkError } from '../wire/lark-error'
import { Api, ApiContext, ApiResult, TIER_4 } from './api'
import {
  chosenRange,
  childrenOf,
  descendantsOf,
  membersOf,
  seesDepartment,
  seesGroup,
  seesUser,
  visibleUsers
} from './contact-range'
import { page } from './page'
import { emailOf } from './receiver'

const READ_SCOPES = [
  'contact:contact.base:readonly',
  'contact:contact:readonly',
  'contact:contact:access_as_app',
  'contact:contact:readonly_as_app'
]
const GROUP_SCOPES = ['contact:group:readonly']
const ID_SCOPES = ['contact:user.id:readonly']
const AVATAR = 'https://s1-imfile.feishucdn.com/static-resource/avatar'
const PAGE = { standard: 10, max: 50 }
const LARGE_PAGE = { standard: 50, max: 100 }
/** What a member of a user group may be named by; `open_id` of a department is its `open_department_id`. */
const MEMBER_IDS: Record<string, string[]> = {
  user: ['open_id', 'union_id', 'user_id'],
  department: ['open_id', 'department_id']
}

/** Direct members only. */
function byDepartment({ platform, app, query }: ApiContext): ApiResult {
  const { world } = platform
  if (query.department_id === undefined) throw larkError(40001)
  if (!seesDepartment(world, app, query.department_id)) throw noDepartment()
  const members = membersOf(world, query.department_id).filter((user) => seesUser(world, app, user))
  const { items, ...rest } = page(members, query, PAGE, () => larkError(40011))
  return { data: { items: items.map((user) => userView(world, app, user)), ...rest } }
}

function get({ platform, app, params, query }: ApiContext): ApiResult {
  const user = find(platform.world, app, params.user_id, query.user_id_type)
  if (!user) throw larkError(41012)
  if (!seesUser(platform.world, app, user)) throw new LarkError(41050, 'no user authority error.', 403)
  return { data: { user: userView(platform.world, app, user) } }
}

/** People outside the app's range are left out without a word. */
function batch(context: ApiContext): ApiResult {
  const { platform, app, query } = context
  const ids = context.queryAll('user_ids')
  if (ids.length === 0 || ids.length > 50) throw larkError(40001)
  const found = ids.map((id) => find(platform.world, app, id, query.user_id_type)).filter((user) => user !== undefined)
  return {
    data: {
      items: found
        .filter((user) => seesUser(platform.world, app, user))
        .map((user) => userView(platform.world, app, user))
    }
  }
}

function batchGetId({ platform, app, body, query }: ApiContext): ApiResult {
  const emails = (body.emails ?? []) as string[]
  const mobiles = (body.mobiles ?? []) as string[]
  if (emails.length > 50 || mobiles.length > 50) throw larkError(40001)
  const byEmail = emails.map((email) => {
    const user = visibleUsers(platform.world, app).find((candidate) => emailOf(candidate) === email)
    return { email, ...(user && { user_id: idAs(platform.world, app, user, query.user_id_type) }) }
  })
  return { data: { user_list: [...byEmail, ...mobiles.map((mobile) => ({ mobile }))] } }
}

function children({ platform, app, params, query }: ApiContext): ApiResult {
  const { world } = platform
  if (!seesDepartment(world, app, params.department_id)) throw noDepartment()
  const all = query.fetch_child === 'true' ? descendantsOf : childrenOf
  const { items, ...rest } = page(all(world, params.department_id), query, PAGE, () => larkError(40011))
  return { data: { items: items.map((department) => departmentView(world, app, department)), ...rest } }
}

interface InRange {
  user?: string
  department?: string
  group?: string
}

/** People, departments and user groups in one list of pages, in this order; what is below a department is not listed. */
function range({ platform, app, query }: ApiContext): ApiResult {
  const { world } = platform
  const { departmentIds, userIds, groupIds } = chosenRange(world, app)
  const all = [
    ...userIds.map((user) => ({ user })),
    ...departmentIds.map((department) => ({ department })),
    ...groupIds.map((group) => ({ group }))
  ]
  const { items, ...rest } = page<InRange>(all, query, LARGE_PAGE, () => larkError(40011))
  return {
    data: {
      department_ids: items.flatMap(({ department }) => department ?? []),
      user_ids: items.flatMap(({ user }) => (user ? idAs(world, app, world.user(user), query.user_id_type) : [])),
      group_ids: items.flatMap(({ group }) => group ?? []),
      ...rest
    }
  }
}

/** Either people or departments, by id: whoever asks for nothing gets people. */
function groupMembers({ platform, app, params, query }: ApiContext): ApiResult {
  const { world } = platform
  const { member_type = 'user', member_id_type = 'open_id' } = query
  const known = MEMBER_IDS[member_type]
  if (!known) throw larkError(41074)
  if (!Object.values(MEMBER_IDS).flat().includes(member_id_type)) throw larkError(41071)
  if (!known.includes(member_id_type)) throw larkError(41072)
  const group = world.userGroups.get(params.group_id)
  if (!group) throw larkError(42002)
  if (!seesGroup(world, app, group.groupId)) throw new LarkError(42009, 'no user group authority error.', 403)
  const ids =
    member_type === 'department'
      ? group.departmentIds
      : group.userIds.map((id) => idAs(world, app, world.user(id), member_id_type))
  const { items, ...rest } = page(ids, query, LARGE_PAGE, () => larkError(40011))
  return { data: { memberlist: items.map((member_id) => ({ member_id, member_type })), ...rest } }
}

const noDepartment = (): LarkError => new LarkError(40004, 'no dept authority error.', 403)

function find(world: World, app: App, id: string, idType = 'open_id'): User | undefined {
  if (idType !== 'open_id')
    return [...world.users.values()].find((user) => (idType === 'union_id' ? user.unionId : user.userId) === id)
  const known = world.findOpenId(id)
  if (known && known.appId !== app.appId) throw new LarkError(99992361, 'open_id cross app')
  return known?.subject.kind === 'user' ? world.users.get(known.subject.userId) : undefined
}

function idAs(world: World, app: App, user: User, idType = 'open_id'): string {
  if (idType === 'union_id') return user.unionId
  return idType === 'user_id' ? user.userId : world.openIdOf(app, { kind: 'user', userId: user.userId })
}

const has = (app: App, ...scopes: string[]): boolean =>
  ['contact:contact:readonly', ...scopes].some((scope) => app.scopes.includes(scope))

/** Each field has a scope of its own; without it the field is simply missing. */
function userView(world: World, app: App, user: User): Record<string, unknown> {
  const avatar = { avatar_72: AVATAR, avatar_240: AVATAR, avatar_640: AVATAR, avatar_origin: AVATAR }
  const status = { is_frozen: false, is_resigned: false, is_activated: true, is_exited: false, is_unjoin: false }
  return {
    union_id: user.unionId,
    open_id: world.openIdOf(app, { kind: 'user', userId: user.userId }),
    ...(has(app, 'contact:user.employee_id:readonly') && { user_id: user.userId }),
    ...(has(app, 'contact:user.base:readonly') && { name: user.name, en_name: '', nickname: '', avatar }),
    ...(has(app, 'contact:user.email:readonly') && { email: emailOf(user) }),
    ...(has(app, 'contact:user.department:readonly') && { department_ids: user.departmentIds }),
    ...(has(app, 'contact:user.employee:readonly') && { status, job_title: '', employee_type: 1 })
  }
}

function departmentView(world: World, app: App, { departmentId, name, parentId }: Department): Record<string, unknown> {
  return {
    open_department_id: departmentId,
    parent_department_id: parentId,
    ...(has(app, 'contact:department.base:readonly') && {
      name,
      member_count: membersOf(world, departmentId).length,
      status: { is_deleted: false }
    })
  }
}

const USERS = '/contact/v3/users'
const common = { scopes: READ_SCOPES, limits: TIER_4 }

export const contactApis: Api[] = [
  {
    ...common,
    name: 'contact.user.findByDepartment',
    method: 'get',
    path: `${USERS}/find_by_department`,
    handle: byDepartment
  },
  { ...common, name: 'contact.user.batch', method: 'get', path: `${USERS}/batch`, handle: batch },
  {
    ...common,
    name: 'contact.user.batchGetId',
    method: 'post',
    path: `${USERS}/batch_get_id`,
    scopes: ID_SCOPES,
    handle: batchGetId
  },
  { ...common, name: 'contact.user.get', method: 'get', path: `${USERS}/:user_id`, handle: get },
  { ...common, name: 'contact.scope.list', method: 'get', path: '/contact/v3/scopes', handle: range },
  {
    ...common,
    name: 'contact.department.children',
    method: 'get',
    path: '/contact/v3/departments/:department_id/children',
    handle: children
  },
  {
    ...common,
    name: 'contact.group.member.simplelist',
    method: 'get',
    path: '/contact/v3/group/:group_id/member/simplelist',
    scopes: GROUP_SCOPES,
    handle: groupMembers
  }
]
