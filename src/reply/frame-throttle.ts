import { ReplyForm } from './reply-form'

/**
 * Lark takes 5 patches a second of one message, shared with everybody: one looks alive and leaves room. The client types a
 * streaming card's text itself, so a few changes a second look smooth.
 */
const PATCH_INTERVAL_MS = 1_000
const STREAM_INTERVAL_MS = 400

/** Milliseconds until the next frame of this answer may be sent; 0 for now. */
export const frameDueInMs = (lastFrameAt: Date | null, form: ReplyForm | null, now: Date): number => {
  if (lastFrameAt === null) return 0
  const interval = form === 'entity' ? STREAM_INTERVAL_MS : PATCH_INTERVAL_MS
  // Another process may have written it, by a clock that is ahead of ours.
  return Math.min(interval, Math.max(0, interval - (now.getTime() - lastFrameAt.getTime())))
}
