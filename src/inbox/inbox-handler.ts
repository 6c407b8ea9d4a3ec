import { TerminalState } from './inbox-state'

/** A row that this worker holds; every write repeats its token. */
export interface ClaimedEvent {
  id: string
  claimToken: string
  /** 1 for the first. */
  attempt: number
  eventType: string
  payload: string
  tenantId: string
  organizationId: string | null
  integrationId: string
  messageId: string | null
  chatId: string | null
  threadId: string | null
  senderId: string | null
  receivedAt: Date
}

/** How a claimed event left its lane. `attached` was already written, together with the turn that it joined. */
export type HandlingResult =
  | { state: 'attached' }
  /** `keepPayload`: a refused one that is context for later ones; retention removes it. */
  | { state: TerminalState; reason: string; keepPayload?: boolean }
  /** Not an attempt: the event is looked at again later. */
  | { state: 'received'; retryInSeconds: number }

/** The work on one claimed row; implemented by the room that routes messages. */
export abstract class InboxHandler {
  /** May run more than once for one event. Throwing means: try again with backoff. */
  abstract handle(event: ClaimedEvent): Promise<HandlingResult>
  /** The last word after the last attempt: tell the person. Must not throw. */
  abstract exhausted(event: ClaimedEvent): Promise<void>
}
