import type { SimAppPatch, SimChat, Transport } from '../contract'
import type { Platform } from '../platform'
import { changeMembers } from '../people/membership'
import type { Chat } from '../state/model'
import { verifyWebhook } from '../push/verify-webhook'
import type { NewUserGroup } from '../state/world'
import type { AddRoute } from './control-router'

export const chatView = ({ chatId, mode, name, userIds, appIds }: Chat): SimChat => ({
  chatId,
  mode,
  name,
  userIds,
  appIds
})

type NewGroup = Pick<Chat, 'name' | 'userIds' | 'appIds' | 'namesTopicsByRoot'> & Partial<Pick<Chat, 'mode'>>
type NewUser = Parameters<Platform['world']['createUser']>[0]

/** Apps, people, departments and chats. */
export function directoryRoutes(platform: Platform, add: AddRoute): void {
  const { world } = platform
  add('get', '/apps', () => [...world.apps.values()])
  add('post', '/apps', (request) => world.createApp(request.body as SimAppPatch & { transport: Transport }))
  add('post', '/apps/:appId', (request) => world.updateApp(String(request.params.appId), request.body as SimAppPatch))
  add('post', '/apps/:appId/verify-webhook', (request) => verifyWebhook(platform, String(request.params.appId)))
  add('post', '/apps/:appId/revoke-tokens', (request) => {
    for (const [token, { appId }] of world.tokens) if (appId === request.params.appId) world.tokens.delete(token)
  })
  add('get', '/users', () => [...world.users.values()].map((user) => world.userView(user)))
  add('post', '/users', (request) => world.userView(world.createUser(request.body as NewUser)))
  add('post', '/users/many', (request) => {
    const { users } = request.body as { users: NewUser[] }
    return users.map((user) => world.userView(world.createUser(user)))
  })
  add('post', '/departments', (request) => world.createDepartment(request.body as { name: string; parentId?: string }))
  add('post', '/user-groups', (request) => world.createUserGroup(request.body as NewUserGroup))
  add('get', '/chats', () => [...world.chats.values()].map(chatView))
  add('post', '/chats/direct', (request) => {
    const { userId, appId } = request.body as { userId: string; appId: string }
    return chatView(world.createDirectChat(userId, appId))
  })
  add('post', '/chats/group', (request) => {
    const { appIds, mode = 'group', ...group } = request.body as NewGroup
    const chat = world.createChat({ ...group, mode, appIds: [] })
    return chatView(changeMembers(platform, chat, { addAppIds: appIds }))
  })
  // Groups that the bot is in since before anybody looked: no event tells of it.
  add('post', '/chats/old-groups', (request) => {
    const { groups } = request.body as { groups: Pick<Chat, 'name' | 'userIds' | 'appIds'>[] }
    return groups.map((group) => chatView(world.createChat({ mode: 'group', ...group })))
  })
  add('post', '/chats/:chatId/members', (request) =>
    chatView(changeMembers(platform, world.chat(String(request.params.chatId)), request.body as object))
  )
  add('post', '/chats/:chatId/dissolve', (request) => {
    world.chat(String(request.params.chatId)).dissolved = true
  })
}
