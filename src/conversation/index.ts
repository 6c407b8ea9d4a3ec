import { Provider } from '@nestjs/common'
import { CardActionResponder } from '../lark'
import { ConversationCardActions } from './card-actions'
import { Conversations } from './conversations'
import { RunDispatcher } from './run-dispatcher'
import { LarkRunEvent } from './run-event.entity'
import { RunEventIntake } from './run-event.intake'
import { LarkRunEventProcessor } from './run-event.processor'
import { RunEventRepository } from './run-event.repository'
import { RunFollower } from './run-follower'
import { SessionControl } from './session-control'
import { SessionCleanup } from './session-cleanup'
import { LarkSession } from './session.entity'
import { TurnWatch } from './turn-watch'
import { LarkTurn } from './turn.entity'
import { TurnContexts } from './turn-contexts'
import { TurnRepository } from './turn.repository'

export { Conversations } from './conversations'
export { RunFollower } from './run-follower'
export { LarkRunEventProcessor } from './run-event.processor'
export { SessionControl } from './session-control'
export { SessionCleanup } from './session-cleanup'
export { sessionKeyOf } from './session-key'
export { EndedTurn, TurnOutcome } from './turn-outcome'
export { TurnWatch } from './turn-watch'

export const conversationEntities = [LarkSession, LarkTurn, LarkRunEvent]
export const conversationProviders: Provider[] = [
  TurnRepository,
  RunEventRepository,
  TurnContexts,
  RunEventIntake,
  RunDispatcher,
  Conversations,
  RunFollower,
  LarkRunEventProcessor,
  TurnWatch,
  SessionCleanup,
  SessionControl,
  { provide: CardActionResponder, useClass: ConversationCardActions }
]
