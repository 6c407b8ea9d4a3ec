import { TextKey } from '../i18n'

type NoUrl = 'noApiBaseUrl' | 'webhookUrlAfterSaving'

/** `reason`: why there is none, or what is wrong with it. */
export type WebhookUrl = { url: null; reason: NoUrl } | { url: string; reason: (TextKey & 'webhookUrlNotHttps') | null }

/** The callback URL for Lark's console, or the reason why there is none; never a URL with a hole in it. */
export const webhookUrlOf = (apiBaseUrl: string | undefined, integrationId: string | undefined): WebhookUrl => {
  const base = apiBaseUrl?.trim().replace(/(?<!\/)\/+$/, '')
  if (!base) return { url: null, reason: 'noApiBaseUrl' }
  if (!integrationId) return { url: null, reason: 'webhookUrlAfterSaving' }
  const url = `${base.startsWith('//') ? `http:${base}` : base}/api/lark/webhook/${integrationId}`
  return { url, reason: url.startsWith('https://') ? null : 'webhookUrlNotHttps' }
}
