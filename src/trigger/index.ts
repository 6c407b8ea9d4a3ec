import { Provider } from '@nestjs/common'
import { ClickPermissions, ScopeMessages, TurnOutcome } from '../conversation'
import { ChosenTargets, KeptPeople } from '../directory'
import { InboxHandler } from '../inbox'
import { EventTarget, PublishedExperts } from '../settings'
import { AppBindings } from './app-bindings'
import { BindingChosenTargets } from './binding-chosen-targets'
import { BindingClickPermissions } from './binding-click-permissions'
import { BindingEventTarget } from './binding-event-target'
import { BindingExperts } from './binding-experts'
import { BindingHolders } from './binding-holders'
import { BindingKeptPeople } from './binding-kept-people'
import { LarkBinding } from './binding.entity'
import { BindingRepository } from './binding.repository'
import { ClickHandler } from './click-handler'
import { CommandHandler } from './command-handler'
import { EventNotices } from './event-notices'
import { EventRoutes } from './event-routes'
import { FormerBindings } from './former-bindings'
import { InboundEventHandler } from './inbound-event-handler'
import { InboxScopeMessages } from './inbox-scope-messages'
import { InboxTurnOutcome } from './inbox-turn-outcome'
import { LarkTriggerStrategy } from './lark-trigger.strategy'
import { TriggerWarnings } from './trigger-warnings'
import { LastWord } from './last-word'
import { MessageRouter } from './message-router'
import { OtherEvents } from './other-events'
import { RecallHandler } from './recall-handler'
import { Senders } from './senders'
import { UnansweredPeople } from './unanswered-people'
import { UnpublishedSpells } from './unpublished-spells'

export { BindingEventTarget } from './binding-event-target'
export { FormerBindings } from './former-bindings'
export { LarkTriggerStrategy } from './lark-trigger.strategy'

export const triggerEntities = [LarkBinding]
export const triggerProviders: Provider[] = [
  AppBindings,
  BindingRepository,
  BindingHolders,
  ClickHandler,
  FormerBindings,
  EventNotices,
  EventRoutes,
  LastWord,
  MessageRouter,
  RecallHandler,
  OtherEvents,
  CommandHandler,
  Senders,
  TriggerWarnings,
  UnansweredPeople,
  UnpublishedSpells,
  LarkTriggerStrategy,
  BindingEventTarget,
  { provide: EventTarget, useFactory: (target: BindingEventTarget) => target, inject: [BindingEventTarget] },
  { provide: ChosenTargets, useClass: BindingChosenTargets },
  { provide: KeptPeople, useClass: BindingKeptPeople },
  { provide: ClickPermissions, useClass: BindingClickPermissions },
  { provide: PublishedExperts, useClass: BindingExperts },
  { provide: InboxHandler, useClass: InboundEventHandler },
  { provide: ScopeMessages, useClass: InboxScopeMessages },
  { provide: TurnOutcome, useClass: InboxTurnOutcome }
]
