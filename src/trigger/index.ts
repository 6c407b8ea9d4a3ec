import { Provider } from '@nestjs/common'
import { TurnOutcome } from '../conversation'
import { InboxHandler } from '../inbox'
import { EventTarget } from '../settings'
import { BindingEventTarget } from './binding-event-target'
import { LarkBinding } from './binding.entity'
import { BindingRepository } from './binding.repository'
import { EventNotices } from './event-notices'
import { EventRoutes } from './event-routes'
import { InboundEventHandler } from './inbound-event-handler'
import { InboxTurnOutcome } from './inbox-turn-outcome'
import { LarkTriggerStrategy } from './lark-trigger.strategy'
import { MessageRouter } from './message-router'
import { RecallHandler } from './recall-handler'

export { BindingEventTarget } from './binding-event-target'
export { LarkTriggerStrategy } from './lark-trigger.strategy'

export const triggerEntities = [LarkBinding]
export const triggerProviders: Provider[] = [
  BindingRepository,
  EventNotices,
  EventRoutes,
  MessageRouter,
  RecallHandler,
  LarkTriggerStrategy,
  BindingEventTarget,
  { provide: EventTarget, useFactory: (target: BindingEventTarget) => target, inject: [BindingEventTarget] },
  { provide: InboxHandler, useClass: InboundEventHandler },
  { provide: TurnOutcome, useClass: InboxTurnOutcome }
]
