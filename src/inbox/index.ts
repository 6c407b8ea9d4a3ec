import { Provider } from '@nestjs/common'
import { LarkInboundEvent } from './inbound-event.entity'
import { Inbox } from './inbox'
import { InboxWorker } from './inbox-worker'
import { InboxRepository } from './inbox.repository'
import { StoredInbox } from './stored-inbox'

export { Inbox, NewInboundEvent } from './inbox'
export { ClaimedEvent, HandlingResult, InboxHandler } from './inbox-handler'
export { InboxRepository } from './inbox.repository'
export { InboxState, TerminalState } from './inbox-state'
export { InboxWorker } from './inbox-worker'
export { LarkInboundEvent } from './inbound-event.entity'

export const inboxEntities = [LarkInboundEvent]
export const inboxProviders: Provider[] = [InboxRepository, InboxWorker, { provide: Inbox, useClass: StoredInbox }]
