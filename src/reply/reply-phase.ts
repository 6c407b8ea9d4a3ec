/**
 * What a person sees of one answer, and the only ways on from there. `waiting`: a person has to decide. An answer that
 * failed or was stopped starts over when somebody asks for it again.
 */
const NEXT = {
  idle: ['streaming', 'waiting', 'complete', 'failed', 'stopped'],
  streaming: ['waiting', 'complete', 'failed', 'stopped'],
  waiting: ['streaming', 'waiting', 'complete', 'failed', 'stopped'],
  complete: [],
  failed: ['streaming'],
  stopped: ['streaming']
} as const satisfies Record<string, readonly string[]>

export type ReplyPhase = keyof typeof NEXT
export type FinalPhase = 'complete' | 'failed' | 'stopped'
/** Where an answer rests until something happens to it. */
export type RestingPhase = FinalPhase | 'waiting'

export const canMove = (from: ReplyPhase, to: ReplyPhase): boolean => (NEXT[from] as readonly string[]).includes(to)

/** Nothing more comes by itself. */
export const isFinal = (phase: ReplyPhase): boolean => phase === 'complete' || phase === 'failed' || phase === 'stopped'
