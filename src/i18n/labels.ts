import { TRIGGER_LABELS } from './trigger-labels'
import { SETTINGS_LABELS } from './settings-labels'
import { VIEW_LABELS } from './view-labels'

/** English is required by the host: one label without it hides all views of the provider (host-contract §3.6). */
export interface I18nText {
  en_US: string
  zh_Hans: string
}

/** Every label of forms and tabs, English and Chinese. */
export const LABELS = {
  ...TRIGGER_LABELS,
  ...SETTINGS_LABELS,
  ...VIEW_LABELS,
  connectionMode: ['Connection Mode', '连接模式'],
  longConnectionRecommended: ['Long connection (recommended)', '长连接（推荐）'],
  webhook: ['Webhook', 'Webhook'],
  appId: ['App ID', 'App ID'],
  appSecret: ['App Secret', 'App Secret'],
  verificationToken: ['Verification Token', 'Verification Token'],
  encryptKey: ['Encrypt Key', 'Encrypt Key'],
  international: ['International', '国际版'],
  preferredLanguage: ['Preferred Language', '首选语言'],
  english: ['English', '英语'],
  chinese: ['Chinese', '中文'],
  autoProvisionUsers: ['Auto-provision Users', '自动创建用户'],
  roleOfNewUsers: ['Role of new users', '新用户的角色'],
  enabled: ['Enabled', '启用'],
  larkIntegration: ['Lark integration', 'Lark 集成'],
  directChats: ['Direct chats', '单聊范围'],
  everybody: ['Everybody', '所有用户'],
  selectedUsers: ['Selected users', '指定用户'],
  usersOpenId: ['Users', '用户'],
  groups: ['Groups', '群聊范围'],
  allGroups: ['All groups', '所有群聊'],
  selectedGroups: ['Selected groups', '指定群聊'],
  groupsChatId: ['Groups', '群聊'],
  repliesInGroups: ['Replies in groups', '群聊回复策略'],
  onlyWhenMentioned: ['Only when mentioned', '仅在被提及时'],
  everyMessage: ['Every message', '所有消息'],
  status: ['Status', '状态'],
  botUser: ['Bot user', '机器人'],
  waitingAndFailedMessages: ['Messages: waiting / failed', '消息：等待 / 失败'],
  messages: ['Messages', '消息'],
  time: ['Time', '时间'],
  chatId: ['Chat ID', '聊天 ID'],
  senderOpenId: ['Sender Open ID', '发送者 Open ID'],
  messageId: ['Message ID', '消息 ID'],
  outcome: ['Outcome', '结果'],
  lark: ['Lark', '飞书'],
  pluginDescription: ['Talk to Digital Experts from Lark and Feishu', '在飞书和 Lark 中与数字专家对话'],
  larkTrigger: ['Lark Trigger', 'Lark 触发器']
} as const satisfies Record<string, readonly [string, string]>

export type LabelKey = keyof typeof LABELS

export const label = (key: LabelKey): I18nText => ({ en_US: LABELS[key][0], zh_Hans: LABELS[key][1] })
