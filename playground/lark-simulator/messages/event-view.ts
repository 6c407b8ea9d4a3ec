import type { App, Mentioned, Message } from '../state/model'
import type { World } from '../state/world'
import { cardInEvent } from './card-view'
import { cardOf, receivedContent } from './received-content'

interface Ids {
  union_id: string
  user_id: string | null
  open_id: string
}

/** The three ids of a person as an app gets them; user_id needs a scope, bots have neither user_id nor union_id. */
export function idsOf(world: World, viewer: App, subject: Mentioned): Ids {
  const open_id = world.openIdOf(viewer, subject)
  if (subject.kind === 'app') return { union_id: '', user_id: '', open_id }
  const user = world.user(subject.userId)
  const user_id = viewer.scopes.includes('contact:user.employee_id:readonly') ? user.userId : null
  return { union_id: user.unionId, user_id, open_id }
}

/** `event` of im.message.receive_v1. */
export function messageEvent(world: World, viewer: App, message: Message): Record<string, unknown> {
  const chat = world.chat(message.chatId)
  const card = cardOf(world, message)
  const mentions = message.mentions.map((mention) => ({
    key: mention.key,
    id: idsOf(world, viewer, mention.target),
    mentioned_type: mention.target.kind === 'app' ? 'bot' : 'user',
    name: mention.name,
    tenant_key: world.tenantKey
  }))
  return {
    sender: {
      sender_id: idsOf(world, viewer, message.sender),
      sender_type: message.sender.kind === 'app' ? 'bot' : 'user',
      tenant_key: world.tenantKey
    },
    message: {
      message_id: message.messageId,
      ...(message.rootId && { root_id: message.rootId }),
      ...(message.parentId && { parent_id: message.parentId }),
      create_time: String(message.createTime),
      update_time: String(message.updateTime),
      chat_id: message.chatId,
      ...(message.threadId && !(chat.namesTopicsByRoot && message.rootId) && { thread_id: message.threadId }),
      // Topic groups report `group` too.
      chat_type: chat.mode === 'p2p' ? 'p2p' : 'group',
      message_type: message.msgType,
      content: JSON.stringify(card ? cardInEvent(world, viewer, message, card) : receivedContent(world, message)),
      ...(mentions.length > 0 && { mentions })
    }
  }
}
