/** What the integration's form and its test say. */
export const SETTINGS_TEXTS = {
  appIdMissing: { 'en-US': 'App ID is missing.', 'zh-Hans': '缺少 App ID。' },
  appIdMalformed: {
    'en-US': 'App ID must be "cli_" and 16 characters, as the console shows it.',
    'zh-Hans': 'App ID 应为 “cli_” 加 16 位字符，与控制台显示一致。'
  },
  appSecretMissing: { 'en-US': 'App Secret is missing.', 'zh-Hans': '缺少 App Secret。' },
  connectionModeUnknown: { 'en-US': 'Connection Mode is unknown.', 'zh-Hans': '连接模式未知。' },
  roleNotAllowed: {
    'en-US': 'New users can not get an administrator role. Choose another role.',
    'zh-Hans': '新用户不能使用管理员角色，请选择其他角色。'
  },
  credentialsRejected: {
    'en-US': 'Lark did not accept the App ID and App Secret. Check both, and whether "International" fits the app.',
    'zh-Hans': '飞书未接受该 App ID 和 App Secret。请检查两者，以及“国际版”是否与应用一致。'
  },
  wrongRegion: {
    'en-US': 'The app belongs to the other cloud: change "International".',
    'zh-Hans': '该应用属于另一个云：请修改“国际版”设置。'
  },
  larkUnreachable: {
    'en-US': 'Lark could not be reached, so the credentials were not checked.',
    'zh-Hans': '无法连接飞书，未能校验凭证。'
  },
  noWebhookSecrets: {
    'en-US': 'Neither Verification Token nor Encrypt Key is set: every callback will be refused.',
    'zh-Hans': '未设置 Verification Token 或 Encrypt Key：所有回调都会被拒绝。'
  },
  noVerificationToken: {
    'en-US':
      'Without a Verification Token Lark’s check of the Webhook URL is refused where it comes unsigned: enter it too.',
    'zh-Hans': '未设置 Verification Token 时，飞书未签名的 Webhook 地址验证会被拒绝，请一并填写。'
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
  probeTimedOut: { 'en-US': 'No connection within {seconds} s.', 'zh-Hans': '{seconds} 秒内未能建立连接。' }
} as const
