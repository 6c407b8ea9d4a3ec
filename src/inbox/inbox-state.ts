/** The states of one accepted event and the only moves between them (docs/architecture.md, States). */
const NEXT = {
  received: ['claimed'],
  claimed: ['received', 'refused', 'attached', 'answered', 'dropped', 'failed'],
  attached: ['answered', 'failed', 'dropped'],
  refused: [],
  answered: [],
  failed: ['attached'],
  dropped: ['attached']
} as const satisfies Record<string, readonly string[]>

export type InboxState = keyof typeof NEXT

/** Where the handling of one event may end it, without or with a turn. */
export type TerminalState = 'refused' | 'answered' | 'failed' | 'dropped'

export const INBOX_STATES = Object.keys(NEXT) as InboxState[]

export const canMove = (from: InboxState, to: InboxState): boolean => (NEXT[from] as readonly string[]).includes(to)

export const isTerminal = (state: InboxState): boolean => NEXT[state].length === 0

/** The states from which `to` may be reached; every write names them, so that no other move is possible. */
export const statesBefore = (to: InboxState): InboxState[] => INBOX_STATES.filter((from) => canMove(from, to))
