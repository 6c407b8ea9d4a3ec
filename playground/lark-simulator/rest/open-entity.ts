import { ENTITY_LIFETIME_MS } from '../cards/card-entity'
import type { CardEntity } from '../state/model'
import { larkError } from '../wire/error-codes'
import { ApiContext, optionalText } from './api'

const MAX_SEQUENCE = 2 ** 31 - 1

/** The entity that a call wants to change, after every check that all changes share. */
export function openEntity(context: ApiContext): CardEntity {
  const { platform, app, params, body } = context
  const entity = platform.world.cards.get(params.card_id)
  if (!entity) throw larkError(200740)
  if (Date.now() - entity.createdAt >= ENTITY_LIFETIME_MS) throw larkError(200750)
  if (entity.appId !== app.appId) throw larkError(300311)
  platform.limits.takeCard(entity.cardId)
  if (entity.interactions > 0) throw larkError(200810)
  const uuid = optionalText(body, 'uuid', 64)
  if (uuid !== undefined && entity.uuids.has(uuid)) throw larkError(200770)
  const sequence = body.sequence
  if (typeof sequence !== 'number' || !Number.isInteger(sequence) || sequence < 1 || sequence > MAX_SEQUENCE)
    throw larkError(10002, 'sequence')
  if (sequence <= entity.sequence) throw larkError(300317)
  return entity
}
