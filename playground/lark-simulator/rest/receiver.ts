import type { App, Chat, User } from '../state/model'
import type { World } from '../state/world'
import { larkError } from '../wire/error-codes'
import { LarkError } from '../wire/lark-error'
import type { ApiContext } from './api'

/** The chat that `receive_id` means; a person's direct chat is opened by the first message. */
export function chatOfReceiver({ platform, app }: ApiContext, idType: string, receiveId: string): Chat {
  const { world } = platform
  if (idType === 'chat_id') {
    const chat = world.chats.get(receiveId)
    if (!chat) throw larkError(230001, 'invalid receive_id')
    return chat
  }
  return world.createDirectChat(userOf(world, app, idType, receiveId).userId, app.appId)
}

export function userOf(world: World, app: App, idType: string, id: string): User {
  if (idType !== 'open_id') {
    const idsOfType =
      { union_id: (user: User) => user.unionId, email: emailOf }[idType] ?? ((user: User) => user.userId)
    const user = [...world.users.values()].find((candidate) => idsOfType(candidate) === id)
    if (!user) throw larkError(230034)
    return user
  }
  const known = world.findOpenId(id)
  if (!known) throw new LarkError(99992351, `not a valid open_id: ${id}`)
  if (known.appId !== app.appId) throw new LarkError(99992361, 'open_id cross app')
  if (known.subject.kind === 'app') throw larkError(230034)
  return world.user(known.subject.userId)
}

/** Everybody's address follows from the user_id. */
export const emailOf = (user: User): string => `${user.userId}@example.com`
