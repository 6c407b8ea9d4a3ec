import { restMessage, userIdAs } from '../messages/rest-view'
import { newMessageId } from '../state/ids'
import type { Chat, Message } from '../state/model'
import { larkError } from '../wire/error-codes'
import { Api, ApiContext, ApiResult, TIER_4, oneOf, requiredText } from './api'
import { READ_SCOPES, checkGroupReading, isOwn, messageOf } from './message-apis'
import { page } from './page'
import { chatOfReceiver, userOf } from './receiver'
import { checkMember } from './send-message'

const READ_WINDOW_MS = 7 * 24 * 3_600_000

/** History of a chat or thread. Times in the query are seconds, unlike the messages' own. */
function list(context: ApiContext): ApiResult {
  const { platform, app, query } = context
  const kind = oneOf(query.container_id_type, ['chat', 'thread'], 'container_id_type')
  const { chat, messages } = kind === 'chat' ? chatHistory(context) : threadHistory(context)
  checkMember(context, chat)
  checkGroupReading(context, chat)
  const sorted = query.sort_type === 'ByCreateTimeDesc' ? [...messages].reverse() : messages
  const { items, ...rest } = page(sorted, query, { standard: 20, max: 50 }, () => larkError(230001, 'page'))
  const options = { userIdType: query.user_id_type, cardContentType: query.card_msg_content_type }
  return { data: { items: items.map((message) => restMessage(platform.world, app, message, options)), ...rest } }
}

function chatHistory({ platform, query }: ApiContext): { chat: Chat; messages: Message[] } {
  const chat = platform.world.chats.get(query.container_id ?? '')
  if (!chat) throw larkError(230001, 'invalid container_id')
  const from = Number(query.start_time ?? 0) * 1000
  const to = query.end_time === undefined ? Infinity : Number(query.end_time) * 1000 + 999
  const messages = platform.world.messagesOf(chat.chatId).filter((message) => {
    const answersInThread = message.threadId !== undefined && message.rootId !== undefined
    return !answersInThread && message.createTime >= from && message.createTime <= to
  })
  return { chat, messages }
}

function threadHistory({ platform, query }: ApiContext): { chat: Chat; messages: Message[] } {
  const messages = platform.world.messagesOfThread(query.container_id ?? '')
  if (messages.length === 0) throw larkError(230001, 'invalid container_id')
  if (query.start_time !== undefined || query.end_time !== undefined)
    throw larkError(230001, 'a thread takes no time range')
  return { chat: platform.world.chat(messages[0].chatId), messages }
}

function readUsers(context: ApiContext): ApiResult {
  const { platform, app, query } = context
  const idType = oneOf(query.user_id_type, ['open_id', 'union_id', 'user_id'], 'user_id_type')
  const message = messageOf(context)
  if (!isOwn(context, message)) throw larkError(230012)
  if (Date.now() - message.createTime > READ_WINDOW_MS) throw larkError(230033)
  const { items, ...rest } = page(message.readBy, query, { standard: 20, max: 100 }, () => larkError(230001, 'page'))
  const views = items.map(({ userId, at }) => ({
    user_id_type: idType,
    user_id: userIdAs(platform.world, app, userId, idType),
    timestamp: String(at),
    tenant_key: platform.world.tenantKey
  }))
  return { data: { items: views, ...rest } }
}

/** Forwarding copies the content under the bot's name. */
function forward(context: ApiContext): ApiResult {
  const { platform, app, query, body } = context
  const source = messageOf(context)
  if (source.recalled) throw larkError(230110)
  const idType = oneOf(query.receive_id_type, ['open_id', 'union_id', 'user_id', 'chat_id'], 'receive_id_type')
  const chat = chatOfReceiver(context, idType, requiredText(body, 'receive_id'))
  checkMember(context, chat)
  platform.limits.takeChat(chat.chatId)
  const now = Date.now()
  const copy: Message = {
    ...source,
    messageId: newMessageId(),
    chatId: chat.chatId,
    sender: { kind: 'app', appId: app.appId },
    parentId: undefined,
    rootId: undefined,
    threadId: undefined,
    createTime: now,
    updateTime: now,
    editCount: 0,
    reactions: [],
    readBy: []
  }
  platform.world.addMessage(copy)
  return { data: restMessage(platform.world, app, copy) }
}

/** Urgent notices reach nobody here; ids are checked. */
function urgent(context: ApiContext): ApiResult {
  const message = messageOf(context)
  if (!isOwn(context, message)) throw larkError(230012)
  const ids = (context.body.user_id_list ?? []) as string[]
  for (const id of ids) userOf(context.platform.world, context.app, context.query.user_id_type ?? 'open_id', id)
  return { data: { invalid_user_id_list: [] } }
}

/** Bubbles under the latest message of a direct chat. */
function followUp(context: ApiContext): ApiResult {
  const message = messageOf(context)
  const { world } = context.platform
  const followUps = context.body.follow_ups as { content?: string }[] | undefined
  const fits =
    Array.isArray(followUps) &&
    followUps.length >= 1 &&
    followUps.length <= 3 &&
    followUps.every(({ content = '' }) => content.length <= 200)
  const latest = world.messagesOf(message.chatId).at(-1)
  const fresh = Date.now() - message.createTime <= 600_000
  if (!fits || world.chat(message.chatId).mode !== 'p2p' || latest !== message || !fresh)
    throw larkError(230001, 'push_follow_up')
  return { data: {} }
}

const MESSAGES = '/im/v1/messages'
const SEND_SCOPES = ['im:message', 'im:message:send_as_bot']

export const historyApis: Api[] = [
  { name: 'im.message.list', method: 'get', path: MESSAGES, scopes: READ_SCOPES, limits: TIER_4, handle: list },
  {
    name: 'im.message.readUsers',
    method: 'get',
    path: `${MESSAGES}/:message_id/read_users`,
    scopes: ['im:message', 'im:message:readonly'],
    limits: TIER_4,
    handle: readUsers
  },
  {
    name: 'im.message.forward',
    method: 'post',
    path: `${MESSAGES}/:message_id/forward`,
    scopes: SEND_SCOPES,
    limits: TIER_4,
    handle: forward
  },
  {
    name: 'im.message.urgentApp',
    method: 'patch',
    path: `${MESSAGES}/:message_id/urgent_app`,
    scopes: ['im:message.urgent'],
    limits: TIER_4,
    handle: urgent
  },
  {
    name: 'im.message.pushFollowUp',
    method: 'post',
    path: `${MESSAGES}/:message_id/push_follow_up`,
    scopes: SEND_SCOPES,
    limits: TIER_4,
    handle: followUp
  }
]
