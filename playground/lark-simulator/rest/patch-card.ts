import { isObject } from '../cards/card-tree'
import { checkSentCard } from '../cards/sent-card'
import { cardOf } from '../messages/received-content'
import { cardRefused, larkError } from '../wire/error-codes'
import { ApiContext, ApiResult, requiredText } from './api'
import { isOwn, messageOf } from './message-apis'
import { parseContent } from './send-message'

const WINDOW_MS = 14 * 24 * 3_600_000
const CARD_BYTES = 30 * 1024

/** PATCH of a sent card: own, not recalled, shared before and after, 30 KB, 14 days, 5 a second. */
export function patchCard(context: ApiContext): ApiResult {
  const { world, limits } = context.platform
  const message = messageOf(context)
  const content = parseContent(requiredText(context.body, 'content'))
  if (context.bodyBytes > CARD_BYTES) throw larkError(230025)
  if (message.recalled) throw larkError(230011)
  if (message.msgType !== 'interactive') throw larkError(230001, 'this message is not a card')
  if (!isOwn(context, message)) throw larkError(230027, 'the operator is not the sender of the message')
  if (Date.now() - message.createTime > WINDOW_MS) throw larkError(230031)
  if (world.chat(message.chatId).dissolved) throw larkError(232009)
  limits.takeMessage(message.messageId)
  const { card } = checkSentCard(world, context.app, content)
  if (!card) throw larkError(230001, 'a card entity is updated through cardkit')
  if (!isShared(cardOf(world, message)) || !isShared(card)) throw cardRefused(300302, 'update_multi property is false')
  message.card = card
  message.cardId = undefined
  message.editCount += 1
  message.updateTime = Date.now()
  world.changes.visible({ type: 'update', chatId: message.chatId, messageId: message.messageId })
  return { data: {} }
}

/** `update_multi` is false unless said otherwise in 1.0 and always true in 2.0. */
export function isShared(card: Record<string, unknown> | undefined): boolean {
  const config = isObject(card?.config) ? card.config : {}
  return card?.schema === '2.0' ? config.update_multi !== false : config.update_multi === true
}
