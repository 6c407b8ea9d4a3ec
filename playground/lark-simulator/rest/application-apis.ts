import { Json, isObject } from '../cards/card-tree'
import { referencesOf } from '../cards/card-references'
import { checkCard } from '../cards/validate-card'
import { showCard } from '../people/press'
import type { App } from '../state/model'
import { fieldViolation } from '../wire/error-codes'
import { LarkError } from '../wire/lark-error'
import { Api, ApiContext, ApiResult, TIER_4 } from './api'

const CARD_BYTES = 30 * 1024
const SELF_MANAGE = ['application:application:self_manage', 'admin:app.info:readonly']

function scopes({ app }: ApiContext): ApiResult {
  return { data: { scopes: app.scopes.map((scope_name) => ({ scope_name, grant_status: 1, scope_type: 'tenant' })) } }
}

/** Of the app itself. */
function application({ platform, app, params, query }: ApiContext): ApiResult {
  if (!query.lang) throw fieldViolation('lang', 'lang is required')
  if (params.app_id !== app.appId && params.app_id !== 'me') throw new LarkError(210502, 'app not found')
  const type = app.transport === 'webhook' ? 'webhook' : 'websocket'
  return { data: { app: { ...applicationView(app), ...subscriptions(platform, app, type) } } }
}

const applicationView = (app: App) => ({
  app_id: app.appId,
  app_name: app.name,
  status: app.console.status,
  scene_type: 0,
  ...(app.console.onlineVersionId && { online_version_id: app.console.onlineVersionId }),
  ...(app.console.unauditVersionId && { unaudit_version_id: app.console.unauditVersionId })
})

function subscriptions({ world }: ApiContext['platform'], app: App, type: string) {
  const { webhookUrl, cardCallbackUrl = webhookUrl } = world.app(app.appId)
  const all = (given: string[], known: string) => (given.includes('*') ? [known] : given)
  return {
    event: {
      subscription_type: type,
      request_url: webhookUrl ?? '',
      subscribed_events: all(app.subscribedEvents, 'im.message.receive_v1')
    },
    callback_info: {
      callback_type: type,
      request_url: cardCallbackUrl ?? '',
      subscribed_callbacks: all(app.subscribedCallbacks, 'card.action.trigger')
    }
  }
}

function version({ app, params, query }: ApiContext): ApiResult {
  if (!query.lang) throw fieldViolation('lang', 'lang is required')
  const { onlineVersionId, unauditVersionId, isVisibleToAll, visibleTo } = app.console
  if (![onlineVersionId, unauditVersionId].includes(params.version_id ?? '-'))
    throw new LarkError(210505, 'app version not found')
  const visible_list = { open_ids: visibleTo, department_ids: [], group_ids: [] }
  const remark = { visibility: { is_all: isVisibleToAll, visible_list } }
  return { data: { app_version: { app_id: app.appId, version_id: params.version_id, version: '1.0.0', remark } } }
}

function connections({ platform, app }: ApiContext): ApiResult {
  return { data: { online_instance_cnt: platform.sockets.connections(app.appId).length } }
}

function outboundIps(): ApiResult {
  return { data: { ip_list: ['127.0.0.1'], has_more: false, page_token: '' } }
}

/** Update after a callback was answered, with the callback's token: 30 minutes, two uses. */
function updateByToken(context: ApiContext): ApiResult {
  const { platform, app, body } = context
  const card = body.card
  if (!isObject(card) || typeof body.token !== 'string') throw new LarkError(10002, 'invalid parameters')
  if (context.bodyBytes > CARD_BYTES) throw new LarkError(200310, 'card size exceeds the limit')
  const problem = checkCard(cardWithoutReceivers(card), referencesOf(platform.world, app))
  if (problem) throw new LarkError(11311, `card content is invalid: ${problem.code} ${problem.message}`)
  const messageId = platform.cardTokens.use(body.token, app.appId, Date.now())
  if (messageId === undefined) throw new LarkError(200320, 'token is invalid, expired or used up')
  showCard(platform, platform.world.message(messageId), cardWithoutReceivers(card))
  return { flat: {} }
}

function cardWithoutReceivers({ open_ids: _, ...card }: Json): Json {
  return card
}

export const applicationApis: Api[] = [
  { name: 'application.scope.list', method: 'get', path: '/application/v6/scopes', limits: TIER_4, handle: scopes },
  {
    name: 'application.get',
    method: 'get',
    path: '/application/v6/applications/:app_id',
    scopes: SELF_MANAGE,
    limits: TIER_4,
    handle: application
  },
  {
    name: 'application.appVersion.get',
    method: 'get',
    path: '/application/v6/applications/:app_id/app_versions/:version_id',
    scopes: SELF_MANAGE,
    limits: TIER_4,
    handle: version
  },
  { name: 'event.connection.get', method: 'get', path: '/event/v1/connection', limits: TIER_4, handle: connections },
  {
    name: 'event.outboundIp.list',
    method: 'get',
    path: '/event/v1/outbound_ip',
    scopes: ['event:ip_list'],
    limits: TIER_4,
    handle: outboundIps
  },
  {
    name: 'interactive.card.update',
    method: 'post',
    path: '/interactive/v1/card/update',
    limits: TIER_4,
    handle: updateByToken
  }
]
