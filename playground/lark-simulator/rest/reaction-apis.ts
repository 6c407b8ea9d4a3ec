import { EMOJI_TYPES } from '../messages/emoji-types'
import { publishReaction } from '../messages/reaction-event'
import { userIdAs } from '../messages/rest-view'
import { newReactionId } from '../state/ids'
import type { Message, Reaction } from '../state/model'
import { larkError } from '../wire/error-codes'
import { Api, ApiContext, ApiResult, TIER_4 } from './api'
import { page } from './page'

const WRITE_SCOPES = ['im:message', 'im:message.reactions:write_only']
const READ_SCOPES = ['im:message', 'im:message:readonly', 'im:message.reactions:read']

function create(context: ApiContext): ApiResult {
  const message = target(context)
  const emoji = (context.body.reaction_type as { emoji_type?: string } | undefined)?.emoji_type ?? ''
  if (!EMOJI_TYPES.has(emoji)) throw larkError(231001)
  const by = { kind: 'app' as const, appId: context.app.appId }
  const known = message.reactions.find(
    (other) => other.emoji === emoji && other.by.kind === 'app' && other.by.appId === by.appId
  )
  // The same reaction twice is the same reaction.
  const reaction: Reaction = known ?? { reactionId: newReactionId(), emoji, by, actionTime: Date.now() }
  if (!known) {
    message.reactions.push(reaction)
    announce(context, message, reaction, false)
  }
  return { data: view(context, reaction) }
}

function remove(context: ApiContext): ApiResult {
  const message = target(context)
  const reaction = message.reactions.find(({ reactionId }) => reactionId === context.params.reaction_id)
  if (!reaction) throw larkError(231011)
  if (reaction.by.kind !== 'app' || reaction.by.appId !== context.app.appId) throw larkError(231007)
  message.reactions.splice(message.reactions.indexOf(reaction), 1)
  announce(context, message, reaction, true)
  return { data: view(context, reaction) }
}

function list(context: ApiContext): ApiResult {
  const emoji = context.query.reaction_type
  const found = target(context).reactions.filter((reaction) => !emoji || reaction.emoji === emoji)
  const { items, ...rest } = page(found, context.query, { standard: 20, max: 50 }, () => larkError(230001))
  return { data: { items: items.map((reaction) => view(context, reaction)), ...rest } }
}

function target({ platform, app, params }: ApiContext): Message {
  const message = platform.world.messages.get(params.message_id)
  if (!message) throw larkError(231003)
  if (message.recalled) throw larkError(230110)
  if (!platform.world.chat(message.chatId).appIds.includes(app.appId)) throw larkError(231002)
  return message
}

function announce({ platform }: ApiContext, message: Message, reaction: Reaction, removed: boolean): void {
  platform.world.changes.visible({ type: 'reaction', chatId: message.chatId, messageId: message.messageId })
  publishReaction(platform, message, { emoji: reaction.emoji, by: reaction.by, at: Date.now(), removed })
}

function view({ platform, app, query }: ApiContext, reaction: Reaction): Record<string, unknown> {
  const { by } = reaction
  const operator_id = by.kind === 'app' ? by.appId : userIdAs(platform.world, app, by.userId, query.user_id_type)
  return {
    reaction_id: reaction.reactionId,
    operator: { operator_id, operator_type: by.kind },
    action_time: String(reaction.actionTime),
    reaction_type: { emoji_type: reaction.emoji }
  }
}

const PATH = '/im/v1/messages/:message_id/reactions'

export const reactionApis: Api[] = [
  { name: 'im.reaction.create', method: 'post', path: PATH, scopes: WRITE_SCOPES, limits: TIER_4, handle: create },
  {
    name: 'im.reaction.delete',
    method: 'delete',
    path: `${PATH}/:reaction_id`,
    scopes: WRITE_SCOPES,
    limits: TIER_4,
    handle: remove
  },
  { name: 'im.reaction.list', method: 'get', path: PATH, scopes: READ_SCOPES, limits: TIER_4, handle: list }
]
