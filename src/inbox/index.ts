import { Provider } from '@nestjs/common'
import { LarkInboundEvent } from './inbound-event.entity'
import { Inbox } from './inbox'
import { InboxActivity } from './inbox-activity'
import { InboxRepetition } from './inbox-repetition'
import { InboxRetention } from './inbox-retention'
import { InboxWorker } from './inbox-worker'
import { InboxRepository } from './inbox.repository'
import { ReceivedMessages } from './received-messages.repository'
import { RecallRepository } from './recall.repository'
import { ReopenedRows } from './reopened-rows.repository'
import { SenderEvents } from './sender-events.repository'
import { StoredInbox } from './stored-inbox'
import { UnsettledSenders } from './unsettled-senders'

export { Inbox, NewInboundEvent } from './inbox'
export { ClaimedEvent, HandlingResult, InboxHandler } from './inbox-handler'
export { MAX_ATTEMPTS } from './backoff'
export { InboxActivity } from './inbox-activity'
export { InboxRepository, Repetition } from './inbox.repository'
export { ReceivedMessages, ReceivedRow } from './received-messages.repository'
export { ReopenedRows } from './reopened-rows.repository'
export { RecalledRow, RecallRepository } from './recall.repository'
export { SenderEvents } from './sender-events.repository'
export { InboxState, TerminalState } from './inbox-state'
export { InboxRepetition } from './inbox-repetition'
export { InboxRetention } from './inbox-retention'
export { InboxWorker } from './inbox-worker'
export { UnsettledSenders } from './unsettled-senders'
export { LarkInboundEvent } from './inbound-event.entity'

export const inboxEntities = [LarkInboundEvent]
export const inboxProviders: Provider[] = [
  InboxRepository,
  ReceivedMessages,
  RecallRepository,
  ReopenedRows,
  SenderEvents,
  InboxWorker,
  InboxRetention,
  InboxRepetition,
  InboxActivity,
  UnsettledSenders,
  { provide: Inbox, useClass: StoredInbox }
]
