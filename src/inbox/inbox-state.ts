/** The states of one accepted event; docs/architecture.md, States, says which follows which. Every write names those that it may come from. */
export const INBOX_STATES = ['received', 'claimed', 'attached', 'refused', 'answered', 'failed', 'dropped'] as const

export type InboxState = (typeof INBOX_STATES)[number]

/** Where the handling of one event may end it, without or with a turn. */
export type TerminalState = 'refused' | 'answered' | 'failed' | 'dropped'
