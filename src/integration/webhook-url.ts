import { Language } from '../i18n'

export type WebhookUrl =
  { url: string; warning?: undefined } | { url: null; warning: string } | { url: string; warning: string }

const WARNINGS = {
  noBase: {
    'en-US': 'API_BASE_URL is not set on the server, so the Webhook URL is not known.',
    'zh-Hans': '服务器未设置 API_BASE_URL，无法得知 Webhook 地址。'
  },
  noId: {
    'en-US': 'The Webhook URL is known once the integration is saved.',
    'zh-Hans': '保存集成后即可获得 Webhook 地址。'
  },
  noHttps: {
    'en-US': 'The Webhook URL is not a public https address: Lark may not reach it.',
    'zh-Hans': 'Webhook 地址不是公网 https 地址，飞书可能无法访问。'
  }
} as const satisfies Record<string, Record<Language, string>>

/** The callback URL for Lark's console, or the reason why there is none; never a URL with a hole in it. */
export const webhookUrlOf = (
  apiBaseUrl: string | undefined,
  integrationId: string | undefined,
  language: Language
): WebhookUrl => {
  const base = apiBaseUrl?.trim().replace(/\/+$/, '')
  if (!base) return { url: null, warning: WARNINGS.noBase[language] }
  if (!integrationId) return { url: null, warning: WARNINGS.noId[language] }
  const url = `${base.startsWith('//') ? `http:${base}` : base}/api/lark/webhook/${integrationId}`
  return url.startsWith('https://') ? { url } : { url, warning: WARNINGS.noHttps[language] }
}
