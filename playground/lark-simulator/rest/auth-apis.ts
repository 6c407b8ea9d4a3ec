import { newTenantToken } from '../state/ids'
import { LarkError } from '../wire/lark-error'
import type { Api, ApiContext, ApiResult } from './api'

const LIFETIME_MS = 7_200_000
/** While more than this is left, the same token is handed out again. */
const RENEWAL_MS = 1_800_000

function tenantToken({ platform, body, cloud }: ApiContext): ApiResult {
  const { world } = platform
  const { app_id, app_secret } = body
  // Live answers: HTTP 200 with a code; the documentation's 10015 is not what a wrong secret gets.
  if (typeof app_id !== 'string' || !/^cli_[0-9a-z]{16}$/i.test(app_id))
    throw new LarkError(10003, 'invalid param', 200, { data: {} })
  const app = world.apps.get(app_id)
  if (!app || app.region !== cloud) throw new LarkError(10014, 'app id not exists', 200)
  if (app.appSecret !== app_secret) throw new LarkError(10014, 'app secret invalid', 200)
  const now = Date.now()
  for (const [key, known] of world.tokens) if (known.expiresAt <= now) world.tokens.delete(key)
  const kept = [...world.tokens.values()].find((known) => known.appId === app_id && known.expiresAt - now >= RENEWAL_MS)
  const token = kept ?? { token: newTenantToken(), appId: app_id, expiresAt: now + LIFETIME_MS }
  world.tokens.set(token.token, token)
  return { flat: { tenant_access_token: token.token, expire: Math.floor((token.expiresAt - now) / 1000) } }
}

function botInfo({ app }: ApiContext): ApiResult {
  return {
    flat: {
      bot: {
        activate_status: app.activateStatus,
        app_name: app.name,
        avatar_url: 'https://sf3-cn.feishucdn.com/obj/bot-avatar',
        ip_white_list: [],
        open_id: app.botOpenId
      }
    }
  }
}

export const authApis: Api[] = [
  {
    name: 'auth.tenant_access_token',
    method: 'post',
    path: '/auth/v3/tenant_access_token/internal',
    open: true,
    handle: tenantToken
  },
  { name: 'bot.info', method: 'get', path: '/bot/v3/info', limits: { perSecond: 50, perMinute: 1000 }, handle: botInfo }
]
