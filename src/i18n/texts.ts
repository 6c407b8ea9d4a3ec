import { ACCESS_TEXTS } from './access-texts'
import { CONNECTION_TEXTS } from './connection-texts'
import { CONVERSATION_TEXTS } from './conversation-texts'
import { ATTACHMENT_TEXTS } from './attachment-texts'
import { DELIVERY_TEXTS } from './delivery-texts'
import { DOCTOR_TEXTS } from './doctor-texts'
import { I18nText } from './labels'
import { Language } from './language'
import { STATUS_TEXTS } from './status-texts'
import { STATE_TEXTS } from './outcome-texts'
import { REACTION_TEXTS } from './reaction-texts'
import { REFUSAL_TEXTS } from './refusal-texts'
import { REPLY_TEXTS } from './reply-texts'
import { SETTINGS_TEXTS } from './settings-texts'
import { VIEW_TEXTS } from './view-texts'

/** Every sentence that a person reads, in both languages. `{name}` stands for a parameter. */
export const TEXTS = {
  ...ACCESS_TEXTS,
  ...CONNECTION_TEXTS,
  ...ATTACHMENT_TEXTS,
  ...CONVERSATION_TEXTS,
  ...REACTION_TEXTS,
  ...REFUSAL_TEXTS,
  ...REPLY_TEXTS,
  ...SETTINGS_TEXTS,
  ...DELIVERY_TEXTS,
  ...DOCTOR_TEXTS,
  ...STATE_TEXTS,
  ...STATUS_TEXTS,
  ...VIEW_TEXTS,
  answering: { 'en-US': 'Working on it…', 'zh-Hans': '正在处理…' },
  emptyAnswer: {
    'en-US': 'The Digital Expert finished without an answer.',
    'zh-Hans': '数字专家已结束，但没有给出回答。'
  },
  runFailed: {
    'en-US': 'Something went wrong while answering. Please try again.',
    'zh-Hans': '回答时出现问题，请重试。'
  },
  conversationGone: {
    'en-US': 'The former conversation can not be continued. Your next message begins a new one.',
    'zh-Hans': '之前的会话已无法继续，您的下一条消息将开始新会话。'
  },
  runCancelled: { 'en-US': 'Stopped.', 'zh-Hans': '已停止。' },
  emptyMessage: {
    'en-US': 'Your message has no question. What would you like to know?',
    'zh-Hans': '您的消息没有内容，请问需要什么帮助？'
  },
  notAnswered: {
    'en-US': 'Your message could not be answered. Please send it again.',
    'zh-Hans': '您的消息未能得到回复，请重新发送。'
  },
  integrationNotFound: {
    'en-US': 'The Lark integration does not exist in this organization.',
    'zh-Hans': '当前组织中不存在该 Lark 集成。'
  },
  integrationUnusable: {
    'en-US': 'The settings of this integration can not be used. Open it: Test names the field. Then save.',
    'zh-Hans': '该集成的设置无法使用。请打开集成，“测试”会指出是哪一项，改好后保存。'
  },
  integrationAlreadyBound: {
    'en-US': 'The Lark integration is bound to another Digital Expert.',
    'zh-Hans': '该 Lark 集成已绑定到其他数字专家。'
  },
  integrationBoundTo: {
    'en-US': 'The Lark integration is bound to another Digital Expert: {expert}.',
    'zh-Hans': '该 Lark 集成已绑定到其他数字专家：{expert}。'
  },
  triggerSettingInvalid: {
    'en-US': "The Lark Trigger setting '{field}' is missing or invalid.",
    'zh-Hans': 'Lark 触发器的设置“{field}”缺失或无效。'
  },
  triggerSettingOutOfRange: {
    'en-US': "The Lark Trigger setting '{field}' must be a whole number from {smallest} to {largest}.",
    'zh-Hans': 'Lark 触发器的设置“{field}”必须是 {smallest} 到 {largest} 之间的整数。'
  },
  toolRunning: { 'en-US': 'Using {tool}…', 'zh-Hans': '正在使用 {tool}…' },
  toolDone: { 'en-US': 'Used {tool}.', 'zh-Hans': '已使用 {tool}。' },
  toolFailed: { 'en-US': '{tool} failed.', 'zh-Hans': '{tool} 执行失败。' }
} as const satisfies Record<string, Record<Language, string>>

export type TextKey = keyof typeof TEXTS

export const say = (key: TextKey, language: Language, parameters: Record<string, string> = {}): string =>
  TEXTS[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => parameters[name] ?? whole)

/** A sentence as the host takes it where it chooses the language itself. */
export const inBoth = (key: TextKey, parameters: Record<string, string> = {}): I18nText => ({
  en_US: say(key, 'en-US', parameters),
  zh_Hans: say(key, 'zh-Hans', parameters)
})
