import { newThreadId } from '../state/ids'
import type { Chat, Message } from '../state/model'
import type { World } from '../state/world'

export interface Place {
  parentId?: string
  rootId?: string
  threadId?: string
}

/** Where a reply stands. A first reply in a thread makes the message replied to the root of that thread. */
export function replyPlace(world: World, chat: Chat, parent: Message, inThread: boolean): Place {
  const rootId = parent.rootId ?? parent.messageId
  if (parent.threadId) return { parentId: parent.messageId, rootId, threadId: parent.threadId }
  if (!inThread && chat.mode !== 'topic') return { parentId: parent.messageId, rootId }
  parent.threadId = newThreadId()
  world.joinThread(parent)
  return { parentId: parent.messageId, rootId: parent.messageId, threadId: parent.threadId }
}

/** A message written into a thread without replying to one of its messages hangs on the thread's root. */
export function threadPlace(world: World, threadId: string): Place | undefined {
  const [root] = world.messagesOfThread(threadId)
  return root && { parentId: root.messageId, rootId: root.messageId, threadId }
}

/** Every message of a topic group that is no reply opens a topic. */
export const freePlace = (chat: Chat, newTopic: boolean): Place =>
  chat.mode === 'topic' || newTopic ? { threadId: newThreadId() } : {}
