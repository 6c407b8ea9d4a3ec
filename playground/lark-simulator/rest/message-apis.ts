import { publishRecall } from '../messages/recall'
import { freePlace, replyPlace } from '../messages/reply-place'
import { restMessage } from '../messages/rest-view'
import { sentContent } from '../messages/sent-content'
import type { Chat, Message } from '../state/model'
import { larkError } from '../wire/error-codes'
import { LarkError } from '../wire/lark-error'
import { Api, ApiContext, ApiResult, TIER_4, oneOf, requiredText } from './api'
import { patchCard } from './patch-card'
import { chatOfReceiver } from './receiver'
import { checkBotAbility, checkMember, draftOf, send, sentBefore } from './send-message'

const SEND_SCOPES = ['im:message', 'im:message:send_as_bot', 'im:message:send']
const CHANGE_SCOPES = ['im:message', 'im:message:send_as_bot', 'im:message:update']
const RECALL_SCOPES = ['im:message', 'im:message:send_as_bot', 'im:message:recall']
export const READ_SCOPES = ['im:message', 'im:message:readonly', 'im:message.history:readonly']
const MAX_EDITS = 20

function create(context: ApiContext): ApiResult {
  checkBotAbility(context)
  const idType = oneOf(
    context.query.receive_id_type,
    ['open_id', 'union_id', 'user_id', 'email', 'chat_id'],
    'receive_id_type'
  )
  const receiveId = requiredText(context.body, 'receive_id')
  const draft = draftOf(context)
  const before = sentBefore(context, draft)
  if (before) return view(context, before)
  const chat = chatOfReceiver(context, idType, receiveId)
  return view(
    context,
    send(context, chat, draft, () => freePlace(chat, false))
  )
}

function reply(context: ApiContext): ApiResult {
  checkBotAbility(context)
  const draft = draftOf(context)
  const before = sentBefore(context, draft)
  if (before) return view(context, before)
  const parent = messageOf(context)
  if (parent.recalled) throw larkError(230011)
  const chat = context.platform.world.chat(parent.chatId)
  const inThread = context.body.reply_in_thread === true
  return view(
    context,
    send(context, chat, draft, () => replyPlace(context.platform.world, chat, parent, inThread))
  )
}

function update(context: ApiContext): ApiResult {
  const draft = draftOf(context)
  const message = messageOf(context)
  oneOf(draft.msgType, ['text', 'post'], 'msg_type')
  if (message.recalled) throw larkError(230011)
  if (!isOwn(context, message)) throw new LarkError(230071, 'The operator is not the sender of the message.')
  if (message.msgType !== draft.msgType) throw larkError(230054)
  if (message.editCount >= MAX_EDITS)
    throw new LarkError(230072, 'The message has reached the number of times it can be edited.')
  context.platform.limits.takeMessage(message.messageId)
  Object.assign(message, sentContent(context.platform.world, context.app, draft.msgType, draft.content))
  message.editCount += 1
  message.updateTime = Date.now()
  changed(context, message, 'update')
  return view(context, message)
}

function recall(context: ApiContext): ApiResult {
  const message = messageOf(context)
  if (message.recalled) throw larkError(230110)
  checkMember(context, context.platform.world.chat(message.chatId))
  if (!isOwn(context, message)) throw larkError(230026)
  message.recalled = true
  changed(context, message, 'recall')
  publishRecall(context.platform, message, 'message_owner')
  return { data: {} }
}

function get(context: ApiContext): ApiResult {
  const { world } = context.platform
  const message = messageOf(context)
  checkMember(context, world.chat(message.chatId))
  checkGroupReading(context, world.chat(message.chatId))
  if (message.recalled && message.sender.kind === 'user') throw larkError(230110)
  const children = (message.childIds ?? []).map((childId) => world.message(childId))
  const options = { userIdType: context.query.user_id_type, cardContentType: context.query.card_msg_content_type }
  return { data: { items: [message, ...children].map((item) => restMessage(world, context.app, item, options)) } }
}

/** Reading messages of a group needs one scope more. */
export function checkGroupReading({ app }: ApiContext, chat: Chat): void {
  if (chat.mode !== 'p2p' && !app.scopes.includes('im:message.group_msg'))
    throw larkError(230027, 'need scope: im:message.group_msg')
}

export function messageOf({ platform, params }: ApiContext): Message {
  const message = platform.world.messages.get(params.message_id)
  if (!message) throw larkError(230001, 'invalid message_id')
  return message
}

export const isOwn = ({ app }: ApiContext, message: Message): boolean =>
  message.sender.kind === 'app' && message.sender.appId === app.appId

function changed({ platform }: ApiContext, message: Message, type: 'update' | 'recall'): void {
  platform.world.changes.visible({ type, chatId: message.chatId, messageId: message.messageId })
}

const view = ({ platform, app }: ApiContext, message: Message): ApiResult => ({
  data: restMessage(platform.world, app, message)
})

const MESSAGES = '/im/v1/messages'

export const messageApis: Api[] = [
  { name: 'im.message.create', method: 'post', path: MESSAGES, scopes: SEND_SCOPES, limits: TIER_4, handle: create },
  {
    name: 'im.message.reply',
    method: 'post',
    path: `${MESSAGES}/:message_id/reply`,
    scopes: SEND_SCOPES,
    limits: TIER_4,
    handle: reply
  },
  {
    name: 'im.message.update',
    method: 'put',
    path: `${MESSAGES}/:message_id`,
    scopes: CHANGE_SCOPES,
    limits: TIER_4,
    handle: update
  },
  {
    name: 'im.message.patch',
    method: 'patch',
    path: `${MESSAGES}/:message_id`,
    scopes: CHANGE_SCOPES,
    limits: TIER_4,
    handle: patchCard
  },
  {
    name: 'im.message.delete',
    method: 'delete',
    path: `${MESSAGES}/:message_id`,
    scopes: RECALL_SCOPES,
    limits: TIER_4,
    handle: recall
  },
  {
    name: 'im.message.get',
    method: 'get',
    path: `${MESSAGES}/:message_id`,
    scopes: READ_SCOPES,
    limits: TIER_4,
    handle: get
  }
]
