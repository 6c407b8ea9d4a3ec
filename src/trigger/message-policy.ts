import { BotIdentity, mentionsBot, MessageEvent } from '../lark'
import { TriggerConfig } from './trigger-config'

/** Why a message is not answered: kept on its row, explained in the Messages tab. */
export type RefusalReason =
  'disabled' | 'own_message' | 'sender_is_bot' | 'direct_chat_not_allowed' | 'group_not_allowed' | 'not_mentioned'

export type ReplyDecision = { answer: true } | { answer: false; reason: RefusalReason }

const refuse = (reason: RefusalReason): ReplyDecision => ({ answer: false, reason })

/**
 * May this message be answered?
 * @param bot needed for group messages only; a direct message is always for the bot
 */
export const decideReply = (message: MessageEvent, rules: TriggerConfig, bot: BotIdentity | null): ReplyDecision => {
  if (!rules.enabled) return refuse('disabled')
  if (bot && message.sender.openId === bot.openId) return refuse('own_message')
  if (message.sender.type !== 'user') return refuse('sender_is_bot')
  if (message.chatType === 'p2p') return decideDirect(message, rules)
  if (rules.allowedGroupScope === 'selected_chats' && !rules.allowedGroupChatIds.includes(message.chatId)) {
    return refuse('group_not_allowed')
  }
  if (rules.groupReplyStrategy === 'mention_only' && !(bot && mentionsBot(message, bot.openId)))
    return refuse('not_mentioned')
  return { answer: true }
}

const decideDirect = (message: MessageEvent, rules: TriggerConfig): ReplyDecision => {
  if (rules.singleChatScope === 'all_users') return { answer: true }
  const allowed = message.sender.openId !== undefined && rules.singleChatUserOpenIds.includes(message.sender.openId)
  return allowed ? { answer: true } : refuse('direct_chat_not_allowed')
}
