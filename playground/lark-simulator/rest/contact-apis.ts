import type { App, User } from '../state/model'
import type { World } from '../state/world'
import { larkError } from '../wire/error-codes'
import { LarkError } from '../wire/lark-error'
import { Api, ApiContext, ApiResult, TIER_4 } from './api'
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

/** One flat directory: everybody is a direct member of the root department "0". */
function byDepartment({ platform, app, query }: ApiContext): ApiResult {
  const everybody = query.department_id === '0' ? visibleUsers(platform.world, app) : []
  if (query.department_id === undefined) throw larkError(40001)
  const { items, ...rest } = page(everybody, query, { standard: 10, max: 50 }, () => larkError(40011))
  return { data: { items: items.map((user) => userView(platform.world, app, user)), ...rest } }
}

function get({ platform, app, params, query }: ApiContext): ApiResult {
  const user = find(platform.world, app, params.user_id, query.user_id_type)
  if (!user) throw larkError(41012)
  if (!visibleUsers(platform.world, app).includes(user)) throw new LarkError(41050, 'no user authority error.', 403)
  return { data: { user: userView(platform.world, app, user) } }
}

/** People outside the app's range are left out without a word. */
function batch(context: ApiContext): ApiResult {
  const { platform, app, query } = context
  const ids = context.queryAll('user_ids')
  if (ids.length === 0 || ids.length > 50) throw larkError(40001)
  const visible = visibleUsers(platform.world, app)
  const found = ids.map((id) => find(platform.world, app, id, query.user_id_type)).filter((user) => user !== undefined)
  return {
    data: { items: found.filter((user) => visible.includes(user)).map((user) => userView(platform.world, app, user)) }
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

function children({ query }: ApiContext): ApiResult {
  return { data: page([], query, { standard: 10, max: 50 }, () => larkError(40011)) }
}

const visibleUsers = (world: World, app: App): User[] =>
  [...world.users.values()].filter(({ userId }) => !app.unavailableUserIds.includes(userId))

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

/** Each field has a scope of its own; without it the field is simply missing. */
function userView(world: World, app: App, user: User): Record<string, unknown> {
  const may = (...scopes: string[]): boolean =>
    ['contact:contact:readonly', ...scopes].some((scope) => app.scopes.includes(scope))
  const avatar = { avatar_72: AVATAR, avatar_240: AVATAR, avatar_640: AVATAR, avatar_origin: AVATAR }
  const status = { is_frozen: false, is_resigned: false, is_activated: true, is_exited: false, is_unjoin: false }
  return {
    union_id: user.unionId,
    open_id: world.openIdOf(app, { kind: 'user', userId: user.userId }),
    ...(may('contact:user.employee_id:readonly') && { user_id: user.userId }),
    ...(may('contact:user.base:readonly') && { name: user.name, en_name: '', nickname: '', avatar }),
    ...(may('contact:user.email:readonly') && { email: emailOf(user) }),
    ...(may('contact:user.department:readonly') && { department_ids: ['0'] }),
    ...(may('contact:user.employee:readonly') && { status, job_title: '', employee_type: 1 })
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
  {
    ...common,
    name: 'contact.department.children',
    method: 'get',
    path: '/contact/v3/departments/:department_id/children',
    handle: children
  }
]
