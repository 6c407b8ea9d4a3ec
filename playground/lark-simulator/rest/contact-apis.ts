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
const ID_SCOPES = ['contact:user.id:readonly']
const AVATAR = 'https://s1-imfile.feishucdn.com/static-resource/avatar'
const PAGE = { standard: 10, max: 50 }

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

/** Departments and people in one list of pages; what is below a department is not listed. */
function range({ platform, app, query }: ApiContext): ApiResult {
  const { world } = platform
  const { departmentIds, userIds } = chosenRange(world, app)
  const all = [...departmentIds.map((department) => ({ department })), ...userIds.map((user) => ({ user }))]
  const { items, ...rest } = page<{ department?: string; user?: string }>(all, query, { standard: 50, max: 100 }, () =>
    larkError(40011)
  )
  return {
    data: {
      department_ids: items.flatMap(({ department }) => department ?? []),
      user_ids: items.flatMap(({ user }) => (user ? idAs(world, app, world.user(user), query.user_id_type) : [])),
      group_ids: [],
      ...rest
    }
  }
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
  }
]
