import { Language, say } from '../i18n'

export type WebhookUrl =
  { url: string; warning?: undefined } | { url: null; warning: string } | { url: string; warning: string }

/** The callback URL for Lark's console, or the reason why there is none; never a URL with a hole in it. */
export const webhookUrlOf = (
  apiBaseUrl: string | undefined,
  integrationId: string | undefined,
  language: Language
): WebhookUrl => {
  const base = apiBaseUrl?.trim().replace(/\/+$/, '')
  if (!base) return { url: null, warning: say('noApiBaseUrl', language) }
  if (!integrationId) return { url: null, warning: say('webhookUrlAfterSaving', language) }
  const url = `${base.startsWith('//') ? `http:${base}` : base}/api/lark/webhook/${integrationId}`
  return url.startsWith('https://') ? { url } : { url, warning: say('webhookUrlNotHttps', language) }
}
