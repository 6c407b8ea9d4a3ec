import { BotIdentity, mentionsBot, MessageEvent } from '../lark'
import { TriggerConfig } from './trigger-config'

/** Why a message is not answered: kept on its row, explained in the Messages tab. */
export type RefusalReason =
  | 'disabled'
  | 'own_message'
  | 'sender_is_bot'
  | 'direct_chat_not_allowed'
  | 'group_not_allowed'
  | 'sender_not_allowed'
  | 'not_mentioned'
  | 'settings_invalid'

export type ReplyDecision =
  | { answer: true }
  /** `addressed`: the message was for the bot, so its sender may be told. */
  | { answer: false; reason: RefusalReason; addressed: boolean }

/** Whose default answers more people than an admin may have meant. An empty list answers nobody. */
const RESTRICTIONS: ReadonlySet<string> = new Set<keyof TriggerConfig>([
  'enabled',
  'singleChatScope',
  'allowedGroupScope',
  'groupUserScope',
  'groupReplyStrategy'
])

/** Nobody is answered by such settings: they do not say who may ask, or when. */
export const isUnreadable = (invalid: readonly string[]): boolean => invalid.some((name) => RESTRICTIONS.has(name))

const BOT_SENDERS: ReadonlySet<string> = new Set(['bot', 'app'])

export const isBotSender = (message: Pick<MessageEvent, 'sender'>): boolean => BOT_SENDERS.has(message.sender.type)

const refuse = (reason: RefusalReason, addressed = false): ReplyDecision => ({ answer: false, reason, addressed })

/** Written to the bot itself, whatever a trigger says. `bot`: needed for group messages only. */
export const isSpokenTo = (message: MessageEvent, bot: BotIdentity | null): boolean =>
  message.chatType === 'p2p' || (bot !== null && mentionsBot(message, bot.openId))

/**
 * May this message be answered?
 * @param bot needed for group messages only; a direct message is always for the bot
 * @param invalid stored settings that could not be read
 */
export const decideReply = (
  message: MessageEvent,
  rules: TriggerConfig,
  bot: BotIdentity | null,
  invalid: readonly string[] = []
): ReplyDecision => {
  if (!rules.enabled) return refuse('disabled')
  if (bot && message.sender.openId === bot.openId) return refuse('own_message')
  if (isUnreadable(invalid)) return refuse('settings_invalid')
  if (isBotSender(message)) return decideBot(message, rules, bot)
  if (message.sender.type !== 'user') return refuse('sender_is_bot')
  return message.chatType === 'p2p' ? decideDirect(message, rules) : decideGroup(message, rules, bot)
}

/** Another bot is answered only where an admin wants it, and only when it speaks to this one: two that overhear each other never end. */
const decideBot = (message: MessageEvent, rules: TriggerConfig, bot: BotIdentity | null): ReplyDecision => {
  if (!rules.respondToBots || message.chatType === 'p2p') return refuse('sender_is_bot')
  if (!(bot && mentionsBot(message, bot.openId))) return refuse('sender_is_bot')
  return decideGroup(message, rules, bot)
}

const decideGroup = (message: MessageEvent, rules: TriggerConfig, bot: BotIdentity | null): ReplyDecision => {
  const isMentioned = bot !== null && mentionsBot(message, bot.openId)
  const addressed = isMentioned || (rules.respondToMentionAll && message.mentionsAll)
  if (!isAllowedGroup(message.chatId, rules)) return refuse('group_not_allowed', addressed)
  if (rules.groupReplyStrategy === 'mention_only' && !addressed) return refuse('not_mentioned')
  return isChosenInGroups(message.sender.openId, rules) ? { answer: true } : refuse('sender_not_allowed', addressed)
}

/** What people who may ask say to each other in a group, where an admin wants the expert to know it. */
export const isContext = (reason: RefusalReason, message: MessageEvent, rules: TriggerConfig): boolean =>
  reason === 'not_mentioned' &&
  rules.captureUnmentionedGroupMessages &&
  rules.historyMessages > 0 &&
  isChosenInGroups(message.sender.openId, rules)

const decideDirect = (message: MessageEvent, rules: TriggerConfig): ReplyDecision =>
  isChosenDirectly(message.sender.openId, rules) ? { answer: true } : refuse('direct_chat_not_allowed', true)

const isAllowedGroup = (chatId: string, rules: TriggerConfig): boolean =>
  rules.allowedGroupScope === 'all_chats' || rules.allowedGroupChatIds.includes(chatId)

const isChosenInGroups = (openId: string | undefined, rules: TriggerConfig): boolean =>
  rules.groupUserScope === 'all_users' || isAmong(rules.groupUserOpenIds, openId)

const isChosenDirectly = (openId: string | undefined, rules: TriggerConfig): boolean =>
  rules.singleChatScope === 'all_users' || isAmong(rules.singleChatUserOpenIds, openId)

const isAmong = (openIds: readonly string[], openId: string | undefined): boolean =>
  openId !== undefined && openIds.includes(openId)

/** May this person ask here at all, whatever they write? */
export const mayAsk = (
  { chatType, chatId, openId }: { chatType: string; chatId: string; openId: string },
  rules: TriggerConfig
): boolean =>
  chatType === 'p2p'
    ? isChosenDirectly(openId, rules)
    : isAllowedGroup(chatId, rules) && isChosenInGroups(openId, rules)
