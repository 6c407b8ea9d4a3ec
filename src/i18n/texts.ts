import { CONVERSATION_TEXTS } from './conversation-texts'
import { ATTACHMENT_TEXTS } from './attachment-texts'
import { I18nText } from './labels'
import { REPLY_TEXTS } from './reply-texts'

/** Every sentence that a person reads, in both languages. `{name}` stands for a parameter. */
export const TEXTS = {
  ...ATTACHMENT_TEXTS,
  ...CONVERSATION_TEXTS,
  ...REPLY_TEXTS,
  answering: { 'en-US': 'Working on it…', 'zh-Hans': '正在处理…' },
  emptyAnswer: {
    'en-US': 'The Digital Expert finished without an answer.',
    'zh-Hans': '数字专家已结束，但没有给出回答。'
  },
  runFailed: {
    'en-US': 'Something went wrong while answering. Please try again.',
    'zh-Hans': '回答时出现问题，请重试。'
  },
  runCancelled: { 'en-US': 'Stopped.', 'zh-Hans': '已停止。' },
  emptyMessage: {
    'en-US': 'You mentioned me without a question. What would you like to know?',
    'zh-Hans': '您提到了我，但没有提问。请问需要什么帮助？'
  },
  notAnswered: {
    'en-US': 'Your message could not be answered. Please send it again.',
    'zh-Hans': '您的消息未能得到回复，请重新发送。'
  },
  integrationNotFound: {
    'en-US': 'The Lark integration does not exist in this organization.',
    'zh-Hans': '当前组织中不存在该 Lark 集成。'
  },
  integrationAlreadyBound: {
    'en-US': 'The Lark integration is bound to another Digital Expert.',
    'zh-Hans': '该 Lark 集成已绑定到其他数字专家。'
  },
  triggerSettingInvalid: {
    'en-US': "The Lark Trigger setting '{field}' is missing or invalid.",
    'zh-Hans': 'Lark 触发器的设置“{field}”缺失或无效。'
  },
  credentialsRejected: {
    'en-US': 'Lark did not accept the App ID and App Secret. Check both, and whether "International" fits the app.',
    'zh-Hans': '飞书未接受该 App ID 和 App Secret。请检查两者，以及“国际版”是否与应用一致。'
  },
  larkUnreachable: {
    'en-US': 'Lark could not be reached, so the credentials were not checked.',
    'zh-Hans': '无法连接飞书，未能校验凭证。'
  },
  noWebhookSecrets: {
    'en-US': 'Neither Verification Token nor Encrypt Key is set: every callback will be refused.',
    'zh-Hans': '未设置 Verification Token 或 Encrypt Key：所有回调都会被拒绝。'
  },
  noApiBaseUrl: {
    'en-US': 'API_BASE_URL is not set on the server, so the Webhook URL is not known.',
    'zh-Hans': '服务器未设置 API_BASE_URL，无法得知 Webhook 地址。'
  },
  webhookUrlAfterSaving: {
    'en-US': 'The Webhook URL is known once the integration is saved.',
    'zh-Hans': '保存集成后即可获得 Webhook 地址。'
  },
  webhookUrlNotHttps: {
    'en-US': 'The Webhook URL is not a public https address: Lark may not reach it.',
    'zh-Hans': 'Webhook 地址不是公网 https 地址，飞书可能无法访问。'
  },
  toolRunning: { 'en-US': 'Using {tool}…', 'zh-Hans': '正在使用 {tool}…' }
} as const satisfies Record<string, Record<Language, string>>

export type Language = 'en-US' | 'zh-Hans'
export type TextKey = keyof typeof TEXTS

export const say = (key: TextKey, language: Language, parameters: Record<string, string> = {}): string =>
  TEXTS[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => parameters[name] ?? whole)

/** A sentence as the host takes it where it chooses the language itself. */
export const inBoth = (key: TextKey, parameters: Record<string, string> = {}): I18nText => ({
  en_US: say(key, 'en-US', parameters),
  zh_Hans: say(key, 'zh-Hans', parameters)
})

/** A person's language from the integration's Preferred Language; English where none is set. */
export const languageOf = (preferred: 'en' | 'zh-Hans' | undefined): Language =>
  preferred === 'zh-Hans' ? 'zh-Hans' : 'en-US'
