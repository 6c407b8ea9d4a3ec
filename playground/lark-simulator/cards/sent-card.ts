import type { App } from '../state/model'
import type { World } from '../state/world'
import { cardRefused, larkError } from '../wire/error-codes'
import type { Json } from './card-tree'
import { referencesOf } from './card-references'
import { checkCard } from './validate-card'

/** The content of an interactive message: a card, or `{"type":"card","data":{"card_id"}}` for an entity. */
export function checkSentCard(world: World, app: App, content: Json): { card?: Json; cardId?: string } {
  if (content.type === 'template')
    throw cardRefused(200380, 'template does not exist, please confirm whether this template has been released')
  if (content.type !== 'card') {
    const problem = checkCard(content, referencesOf(world, app))
    if (problem?.code === 230001) throw larkError(230001, problem.message)
    // Messages report the element limit under the code of the table limit.
    if (problem) throw cardRefused(problem.code === 300305 ? 11310 : problem.code, problem.message)
    return { card: content }
  }
  const cardId = String((content.data as Json | undefined)?.card_id ?? '')
  const entity = world.cards.get(cardId)
  if (!entity) throw cardRefused(200740, 'The card entity does not exist')
  if (entity.appId !== app.appId)
    throw cardRefused(300311, 'The current application does not have permission to use this card')
  if (entity.messageId) throw cardRefused(200810, 'The card entity has been sent')
  return { cardId }
}
