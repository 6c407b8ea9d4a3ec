/** What a person sees of one answer, and the only ways on from there. */
const NEXT = {
  idle: ['streaming', 'complete', 'failed', 'stopped'],
  streaming: ['complete', 'failed', 'stopped'],
  complete: [],
  failed: [],
  stopped: []
} as const satisfies Record<string, readonly string[]>

export type ReplyPhase = keyof typeof NEXT
export type FinalPhase = 'complete' | 'failed' | 'stopped'

export const canMove = (from: ReplyPhase, to: ReplyPhase): boolean => (NEXT[from] as readonly string[]).includes(to)

export const isFinal = (phase: ReplyPhase): boolean => NEXT[phase].length === 0
