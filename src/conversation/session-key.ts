/**
 * Which conversation a message belongs to: a direct chat, a group, or a topic. Topics always have their own; a message of a
 * topic carries `thread_id` (lark-platform §3.2).
 */
export const sessionKeyOf = (message: { chatType: 'p2p' | 'group'; chatId: string; threadId?: string }): string => {
  if (message.threadId) return `thread:${message.chatId}:${message.threadId}`
  return message.chatType === 'p2p' ? `direct:${message.chatId}` : `group:${message.chatId}`
}
