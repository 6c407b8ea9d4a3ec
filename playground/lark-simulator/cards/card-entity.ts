import type { CardEntity } from '../state/model'
import { Json, isObject } from './card-tree'

/** Streaming closes by itself this long after it was last switched on. */
export const STREAMING_LIMIT_MS = 600_000
export const ENTITY_LIFETIME_MS = 14 * 24 * 3_600_000
/** The documented size of a card, entity or not. */
export const CARD_BYTES = 30 * 1024

export const isStreaming = (entity: CardEntity, now: number): boolean =>
  entity.streamingSince !== undefined && now < entity.streamingSince + STREAMING_LIMIT_MS

/** Follows `config.streaming_mode`: switching on restarts the ten minutes. */
export function applyStreamingMode(entity: CardEntity, now: number): void {
  const on = isObject(entity.card.config) && entity.card.config.streaming_mode === true
  entity.streamingSince = on ? now : undefined
  entity.timedOut = false
}

/** State after the ten minutes: told once as a time-out, from then on as closed. */
export function streamingState(entity: CardEntity, now: number): 'on' | 'off' | 'timed_out' {
  if (isStreaming(entity, now)) return 'on'
  if (entity.streamingSince === undefined || entity.timedOut) return 'off'
  entity.timedOut = true
  return 'timed_out'
}

export const copyCard = (card: Json): Json => structuredClone(card)
