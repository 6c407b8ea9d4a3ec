export type GroupSessions = 'chat' | 'chat_and_sender' | 'thread'

interface Place {
  chatType: 'p2p' | 'group'
  chatId: string
  threadId?: string
  /** The first message of the chain of replies that this one belongs to. */
  rootId?: string
  messageId: string
  senderId: string
}

/**
 * Which conversation a message belongs to: a direct chat, a topic, or a group as the trigger divides it. Topics always have
 * their own; a message of a topic carries `thread_id`, or was found to be in it (lark-platform §3.2, `MessageRouter`). With
 * `thread` a message that replies to nothing begins a conversation, and replies to it or to its answer go on with it.
 */
export const sessionKeyOf = (place: Place, groups: GroupSessions): string => {
  const { chatId, threadId, senderId } = place
  if (threadId) return `thread:${chatId}:${threadId}`
  if (place.chatType === 'p2p') return `direct:${chatId}`
  if (groups === 'chat_and_sender') return `group:${chatId}:${senderId}`
  return groups === 'thread' ? `root:${chatId}:${chainOf(place)}` : `group:${chatId}`
}

/** The first message of the chain of replies that a message belongs to; of one that replies to nothing, itself. */
export const chainOf = ({ rootId, messageId }: Pick<Place, 'rootId' | 'messageId'>): string => rootId ?? messageId

/** The chain whose conversation a stored key is; null where it is that of a whole place. */
export const chainIn = (scopeKey: string, chatId: string): string | null => {
  const prefix = `root:${chatId}:`
  return scopeKey.startsWith(prefix) ? scopeKey.slice(prefix.length) : null
}

/** Whether several people may speak in it, so that each must be named. */
export const isShared = (chatType: 'p2p' | 'group', threadId: string | undefined, groups: GroupSessions): boolean =>
  chatType === 'group' && (groups !== 'chat_and_sender' || threadId !== undefined)

/** The same of a key that is stored: only that of one sender in a group is nobody else's there. */
export const isSharedKey = (
  scopeKey: string,
  { chatType, chatId, senderId }: Pick<Place, 'chatType' | 'chatId' | 'senderId'>
): boolean =>
  chatType === 'group' && scopeKey !== sessionKeyOf({ chatType, chatId, senderId, messageId: '' }, 'chat_and_sender')
