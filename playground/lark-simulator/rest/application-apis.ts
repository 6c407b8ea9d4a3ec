import { Json, isObject } from '../cards/card-tree'
import { referencesOf } from '../cards/card-references'
import { checkCard } from '../cards/validate-card'
import { showCard } from '../people/press'
import { LarkError } from '../wire/lark-error'
import { Api, ApiContext, ApiResult, TIER_4 } from './api'

const CARD_BYTES = 30 * 1024

function scopes({ app }: ApiContext): ApiResult {
  return { data: { scopes: app.scopes.map((scope_name) => ({ scope_name, grant_status: 1, scope_type: 'tenant' })) } }
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
