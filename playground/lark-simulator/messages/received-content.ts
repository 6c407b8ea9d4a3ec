import type { Message } from '../state/model'
import type { World } from '../state/world'
import { standIn } from './card-view'

/** The card's JSON as it stands now, wherever it is kept. */
export function cardOf(world: World, message: Message): Record<string, unknown> | undefined {
  return message.cardId ? world.cards.get(message.cardId)?.card : message.card
}

/** Content for receivers: cards only as a stand-in. */
export function receivedContent(world: World, message: Message): Record<string, unknown> {
  const card = cardOf(world, message)
  if (message.msgType === 'interactive' && card) return standIn(card)
  if (message.msgType === 'merge_forward') return { content: 'Merged and Forwarded Message' }
  return message.content
}
