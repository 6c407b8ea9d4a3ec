import { Provider } from '@nestjs/common'
import { ScopeMessages, TurnOutcome } from '../conversation'
import { InboxHandler } from '../inbox'
import { EventTarget } from '../settings'
import { BindingEventTarget } from './binding-event-target'
import { LarkBinding } from './binding.entity'
import { BindingRepository } from './binding.repository'
import { ClickHandler } from './click-handler'
import { EventNotices } from './event-notices'
import { EventRoutes } from './event-routes'
import { InboundEventHandler } from './inbound-event-handler'
import { InboxScopeMessages } from './inbox-scope-messages'
import { InboxTurnOutcome } from './inbox-turn-outcome'
import { LarkTriggerStrategy } from './lark-trigger.strategy'
import { MessageRouter } from './message-router'
import { OtherEvents } from './other-events'
import { RecallHandler } from './recall-handler'

export { BindingEventTarget } from './binding-event-target'
export { LarkTriggerStrategy } from './lark-trigger.strategy'

export const triggerEntities = [LarkBinding]
export const triggerProviders: Provider[] = [
  BindingRepository,
  ClickHandler,
  EventNotices,
  EventRoutes,
  MessageRouter,
  RecallHandler,
  OtherEvents,
  LarkTriggerStrategy,
  BindingEventTarget,
  { provide: EventTarget, useFactory: (target: BindingEventTarget) => target, inject: [BindingEventTarget] },
  { provide: InboxHandler, useClass: InboundEventHandler },
  { provide: ScopeMessages, useClass: InboxScopeMessages },
  { provide: TurnOutcome, useClass: InboxTurnOutcome }
]
