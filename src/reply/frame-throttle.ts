/** Lark allows 5 patches a second of one message, shared with everybody; one is what looks alive and leaves room. */
const FRAME_INTERVAL_MS = 1_000

/** Milliseconds until the next frame of this answer may be sent; 0 for now. */
export const frameDueInMs = (lastFrameAt: Date | null, now: Date): number =>
  lastFrameAt === null ? 0 : Math.max(0, FRAME_INTERVAL_MS - (now.getTime() - lastFrameAt.getTime()))
