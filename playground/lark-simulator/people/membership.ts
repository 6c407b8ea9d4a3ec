import { idsOf } from '../messages/event-view'
import { pushTo } from '../messages/publish'
import type { Platform } from '../platform'
import type { Chat } from '../state/model'

export interface MemberChange {
  addUserIds?: string[]
  removeUserIds?: string[]
  addAppIds?: string[]
  removeAppIds?: string[]
}

const CHAT_SCOPES = ['im:chat', 'im:chat:readonly']
const BOT_SCOPES = [...CHAT_SCOPES, 'im:chat.members:bot_access']

/** Members come and go; apps that subscribed are told. */
export function changeMembers(platform: Platform, chat: Chat, change: MemberChange): Chat {
  const { world } = platform
  for (const appId of change.addAppIds ?? []) {
    if (!chat.appIds.includes(world.app(appId).appId)) chat.appIds.push(appId)
    announceBot(platform, chat, appId, 'im.chat.member.bot.added_v1')
  }
  for (const userId of change.addUserIds ?? [])
    if (!chat.userIds.includes(world.user(userId).userId)) chat.userIds.push(userId)
  announceUsers(platform, chat, change.addUserIds ?? [], 'im.chat.member.user.added_v1')
  announceUsers(platform, chat, change.removeUserIds ?? [], 'im.chat.member.user.deleted_v1')
  chat.userIds = chat.userIds.filter((userId) => !change.removeUserIds?.includes(userId))
  for (const appId of change.removeAppIds ?? []) announceBot(platform, chat, appId, 'im.chat.member.bot.deleted_v1')
  chat.appIds = chat.appIds.filter((appId) => !change.removeAppIds?.includes(appId))
  world.changes.notify()
  return chat
}

function announceBot(platform: Platform, chat: Chat, appId: string, type: string): void {
  pushTo(platform.world, platform.push, platform.world.app(appId), {
    type,
    scopes: BOT_SCOPES,
    body: commonBody(platform, chat, appId)
  })
}

function announceUsers(platform: Platform, chat: Chat, userIds: string[], type: string): void {
  if (userIds.length === 0) return
  const { world } = platform
  for (const appId of chat.appIds) {
    const users = userIds.map((userId) => ({
      name: world.user(userId).name,
      tenant_key: world.tenantKey,
      user_id: idsOf(world, world.app(appId), { kind: 'user', userId })
    }))
    pushTo(world, platform.push, world.app(appId), {
      type,
      scopes: CHAT_SCOPES,
      body: { ...commonBody(platform, chat, appId), users }
    })
  }
}

function commonBody({ world }: Platform, chat: Chat, appId: string): Record<string, unknown> {
  const [userId] = chat.userIds
  return {
    chat_id: chat.chatId,
    operator_id: userId ? idsOf(world, world.app(appId), { kind: 'user', userId }) : null,
    external: false,
    operator_tenant_key: world.tenantKey,
    name: chat.name,
    i18n_names: { zh_cn: '', en_us: '', ja_jp: '' }
  }
}
