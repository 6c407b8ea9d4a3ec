import type { WebhookCheck } from '../contract'
import type { Platform } from '../platform'
import { randomHex } from '../state/ids'

const CHALLENGE_LIMIT_MS = 1000

/** What the console does when a request URL is saved: url_verification, encrypted when the app has a key. */
export async function verifyWebhook(platform: Platform, appId: string): Promise<WebhookCheck> {
  const app = platform.world.app(appId)
  const challenge = `ajls384kdjx98${randomHex(8)}`
  const content = { challenge, token: app.verificationToken, type: 'url_verification' }
  const startedAt = performance.now()
  const outcome = await platform.webhook.send(app, app.webhookUrl, content, CHALLENGE_LIMIT_MS)
  const body = outcome.responseBody ?? outcome.error
  const ok = outcome.ok && (outcome.responseBody as { challenge?: string } | undefined)?.challenge === challenge
  return { ok, status: outcome.status ?? 0, body, ms: Math.round(performance.now() - startedAt) }
}
