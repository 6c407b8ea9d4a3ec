/** What an integration is doing just now, in a word or two. */
export const STATUS_TEXTS = {
  modeLongConnection: { 'en-US': 'long connection', 'zh-Hans': '长连接' },
  modeWebhook: { 'en-US': 'webhook', 'zh-Hans': 'Webhook 回调' },
  stateConnecting: { 'en-US': 'connecting', 'zh-Hans': '连接中' },
  stateConnected: { 'en-US': 'connected', 'zh-Hans': '已连接' },
  stateReconnecting: { 'en-US': 'reconnecting', 'zh-Hans': '重新连接中' },
  stateNotMade: { 'en-US': 'failed', 'zh-Hans': '连接失败' },
  stateClosed: { 'en-US': 'closed', 'zh-Hans': '已关闭' },
  stateDisconnected: { 'en-US': 'disconnected', 'zh-Hans': '已断开' },
  stateOtherOrganization: { 'en-US': 'held by another organization', 'zh-Hans': '由其他组织持有' },
  stateSecretRefused: { 'en-US': 'App Secret refused', 'zh-Hans': 'App Secret 被拒绝' },
  stateSecretUnchecked: { 'en-US': 'checking the App Secret', 'zh-Hans': '正在校验 App Secret' },
  stateTwoBindings: { 'en-US': 'another integration answers', 'zh-Hans': '由另一个集成回复' },
  stateWebhook: { 'en-US': 'waits for calls of Lark', 'zh-Hans': '等待飞书调用' },
  stateNotConfigured: { 'en-US': 'not configured', 'zh-Hans': '未配置' }
} as const
