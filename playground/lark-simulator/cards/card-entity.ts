import type { CardEntity } from '../state/model'

/** Streaming closes by itself this long after it was last switched on. */
export const STREAMING_LIMIT_MS = 600_000
export const ENTITY_LIFETIME_MS = 14 * 24 * 3_600_000

export const isStreaming = (entity: CardEntity, now: number): boolean =>
  entity.streamingSince !== undefined && now < entity.streamingSince + STREAMING_LIMIT_MS
