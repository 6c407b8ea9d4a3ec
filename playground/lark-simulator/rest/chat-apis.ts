import { changeMembers } from '../people/membership'
import { userIdAs } from '../messages/rest-view'
import type { App, Chat } from '../state/model'
import type { World } from '../state/world'
import { larkError } from '../wire/error-codes'
import { Api, ApiContext, ApiResult, TIER_4 } from './api'
import { page } from './page'
import { userOf } from './receiver'

const READ_SCOPES = ['im:chat', 'im:chat:readonly', 'im:chat:read']
const MEMBER_SCOPES = ['im:chat', 'im:chat:readonly', 'im:chat.members:read', 'im:chat.group_info:readonly']
const AVATAR = 'https://sf3-cn.feishucdn.com/obj/chat-avatar'

/** Groups of the bot; direct chats are not listed. */
function list({ platform, app, query }: ApiContext): ApiResult {
  const { world } = platform
  const groups = [...world.chats.values()].filter(
    (chat) => chat.mode !== 'p2p' && !chat.dissolved && chat.appIds.includes(app.appId)
  )
  const byActivity = query.sort_type === 'ByActiveTimeDesc'
  const sorted = groups.sort((a, b) => (byActivity ? b.activeTime - a.activeTime : a.createTime - b.createTime))
  const { items, ...rest } = page(sorted, query, { standard: 20, max: 100 }, () => larkError(232001))
  return {
    data: {
      items: items.map((chat) => ({ chat_id: chat.chatId, ...common(world, app, chat, query), chat_status: 'normal' })),
      ...rest
    }
  }
}

function get(context: ApiContext): ApiResult {
  const { platform, app, query } = context
  const chat = chatOf(context)
  return {
    data: {
      ...common(platform.world, app, chat, query),
      chat_mode: chat.mode,
      chat_type: 'private',
      chat_tag: 'inner',
      group_message_type: chat.mode === 'topic' ? 'thread' : 'chat',
      // Counts are strings on the platform.
      user_count: String(chat.userIds.length),
      bot_count: String(chat.appIds.length),
      chat_status: 'normal'
    }
  }
}

/** People only; bots are not listed. */
function members(context: ApiContext): ApiResult {
  const { platform, app, query } = context
  const chat = chatOf(context)
  const { items, ...rest } = page(chat.userIds, query, { standard: 20, max: 100 }, () => larkError(232001))
  const views = items.map((userId) => ({
    member_id_type: query.member_id_type ?? 'open_id',
    member_id: userIdAs(platform.world, app, userId, query.member_id_type),
    name: platform.world.user(userId).name,
    tenant_key: platform.world.tenantKey
  }))
  return { data: { items: views, ...rest, member_total: chat.userIds.length } }
}

function isInChat({ platform, app, params }: ApiContext): ApiResult {
  const chat = platform.world.chats.get(params.chat_id)
  if (!chat) throw larkError(232006)
  return { data: { is_in_chat: chat.appIds.includes(app.appId) } }
}

function create(context: ApiContext): ApiResult {
  const { platform, app, body, query } = context
  const ids = (body.user_id_list ?? []) as string[]
  const userIds = ids.map((id) => userOf(platform.world, app, query.user_id_type ?? 'open_id', id).userId)
  const mode = body.group_message_type === 'thread' ? 'topic' : 'group'
  const chat = platform.world.createChat({ mode, name: String(body.name ?? '(no subject)'), userIds, appIds: [] })
  changeMembers(platform, chat, { addAppIds: [app.appId] })
  return { data: { chat_id: chat.chatId, ...common(platform.world, app, chat, query) } }
}

function chatOf({ platform, app, params }: ApiContext): Chat {
  const chat = platform.world.chats.get(params.chat_id)
  if (!chat) throw larkError(232006)
  if (chat.dissolved) throw larkError(232009)
  if (!chat.appIds.includes(app.appId)) throw larkError(232011)
  return chat
}

function common(world: World, app: App, chat: Chat, query: Record<string, string>): Record<string, unknown> {
  const [owner] = chat.userIds
  return {
    avatar: AVATAR,
    name: chat.mode === 'p2p' ? '' : chat.name,
    description: '',
    ...(owner && {
      owner_id: userIdAs(world, app, owner, query.user_id_type),
      owner_id_type: query.user_id_type ?? 'open_id'
    }),
    external: false,
    tenant_key: world.tenantKey
  }
}

const CHATS = '/im/v1/chats'

export const chatApis: Api[] = [
  { name: 'im.chat.list', method: 'get', path: CHATS, scopes: READ_SCOPES, limits: TIER_4, handle: list },
  {
    name: 'im.chat.create',
    method: 'post',
    path: CHATS,
    scopes: ['im:chat', 'im:chat:create'],
    limits: TIER_4,
    handle: create
  },
  { name: 'im.chat.get', method: 'get', path: `${CHATS}/:chat_id`, scopes: READ_SCOPES, limits: TIER_4, handle: get },
  {
    name: 'im.chatMembers.isInChat',
    method: 'get',
    path: `${CHATS}/:chat_id/members/is_in_chat`,
    scopes: MEMBER_SCOPES,
    limits: TIER_4,
    handle: isInChat
  },
  {
    name: 'im.chatMembers.get',
    method: 'get',
    path: `${CHATS}/:chat_id/members`,
    scopes: MEMBER_SCOPES,
    limits: TIER_4,
    handle: members
  }
]
