import { I18nText } from './labels'

/** Every sentence that a person reads, in both languages. `{name}` stands for a parameter. */
export const TEXTS = {
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
  approvalNeeded: {
    'en-US': 'This needs an approval that can not be given here yet.',
    'zh-Hans': '该操作需要审批，目前暂不支持在此处审批。'
  },
  notUnderstood: {
    'en-US': 'I can not read this kind of message yet. Please write it as text.',
    'zh-Hans': '我暂时无法识别这类消息，请用文字发送。'
  },
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
  connectionOtherOrganization: {
    'en-US': 'Another tenant or organization holds the long connection of this app, so nothing is received here.',
    'zh-Hans': '该应用的长连接由其他租户或组织持有，此处不会收到消息。'
  },
  connectionSecretRefused: {
    'en-US': 'Lark did not accept the App Secret of this integration, so it does not share the long connection.',
    'zh-Hans': '飞书未接受该集成的 App Secret，因此未加入长连接。'
  },
  connectionSecretUnchecked: {
    'en-US': 'The App Secret of this integration is being checked with Lark; until then nothing is received here.',
    'zh-Hans': '正在向飞书校验该集成的 App Secret，校验通过前此处不会收到消息。'
  },
  connectionTwoBindings: {
    'en-US': 'Several integrations with this App ID have a published Digital Expert; only the first one answers.',
    'zh-Hans': '多个使用该 App ID 的集成都发布了数字专家，只有第一个会回复。'
  },
  connectionOtherConsumers: {
    'en-US': 'Lark counts {count} more connections of this app: another program receives a part of its messages.',
    'zh-Hans': '飞书统计到该应用另有 {count} 个连接：部分消息会被其他程序接收。'
  },
  connectionDisconnected: {
    'en-US': 'Disconnected by an administrator.',
    'zh-Hans': '已由管理员断开。'
  },
  lossCredentials: {
    'en-US': 'Lark does not accept the App ID and App Secret.',
    'zh-Hans': '飞书未接受该 App ID 和 App Secret。'
  },
  lossForbidden: {
    'en-US': 'Lark forbids the long connection: check that the app is enabled, published and may use it.',
    'zh-Hans': '飞书拒绝建立长连接：请检查应用是否已启用、已发布并可使用长连接。'
  },
  lossConnectionLimit: {
    'en-US': 'The app has its largest number of long connections already: stop other programs that use it.',
    'zh-Hans': '该应用的长连接数已达上限：请停止其他使用该应用的程序。'
  },
  lossWrongRegion: {
    'en-US': 'The app belongs to the other cloud: change "International".',
    'zh-Hans': '该应用属于另一个云：请更改“国际版”。'
  },
  lossAppId: {
    'en-US': 'The App ID is not one of Lark: it is cli_ and 16 characters.',
    'zh-Hans': 'App ID 格式不正确：应为 cli_ 加 16 位字符。'
  },
  lossHandshake: {
    'en-US': 'Lark refused the socket or did not answer in time; it is tried again.',
    'zh-Hans': '飞书拒绝或未及时响应连接，正在重试。'
  },
  lossClosed: {
    'en-US': 'The connection ended or went silent; it is made again.',
    'zh-Hans': '连接已断开或无响应，正在重新建立。'
  },
  lossUnreachable: {
    'en-US': 'Lark can not be reached; it is tried again.',
    'zh-Hans': '无法连接飞书，正在重试。'
  },
  lossOther: {
    'en-US': 'Lark refused the connection with code {code}; it is tried again.',
    'zh-Hans': '飞书以错误码 {code} 拒绝连接，正在重试。'
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
