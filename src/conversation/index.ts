import { Provider } from '@nestjs/common'
import { CardActionResponder } from '../lark'
import { AttemptRepository } from './attempt.repository'
import { Attempts } from './attempts'
import { LarkCancelRunProcessor } from './cancel-run.processor'
import { ConversationCardActions } from './card-actions'
import { Conversations } from './conversations'
import { RunDispatcher } from './run-dispatcher'
import { LarkRunEvent } from './run-event.entity'
import { LarkRunEventProcessor } from './run-event.processor'
import { RunEventRepository } from './run-event.repository'
import { RunFollower } from './run-follower'
import { SessionCleanup } from './session-cleanup'
import { Recalls } from './recalls'
import { SessionCommands } from './session-commands'
import { SessionRepository } from './session.repository'
import { LarkSession } from './session.entity'
import { Stops } from './stops'
import { TurnQueue } from './turn-queue'
import { TurnWatch } from './turn-watch'
import { TurnWatchRepository } from './turn-watch.repository'
import { TurnWindows } from './turn-windows'
import { LarkTurn } from './turn.entity'
import { TurnRepository } from './turn.repository'
import { WindowRepository } from './window.repository'

export { Alongside, Attempts } from './attempts'
export { LarkCancelRunProcessor } from './cancel-run.processor'
export { BotLoopError, Conversations, MAX_BOT_TURNS, NewTurn } from './conversations'
export { RunFollower } from './run-follower'
export { LarkRunEventProcessor } from './run-event.processor'
export { SessionCleanup } from './session-cleanup'
export { Recalls } from './recalls'
export { SessionCommands } from './session-commands'
export { GroupSessions, isShared, sessionKeyOf } from './session-key'
export { SessionScope } from './session.repository'
export { Stops } from './stops'
export { EndedTurn, TurnOutcome } from './turn-outcome'
export { DEFAULT_TURN_OPTIONS, TurnMessage, TurnOptions } from './turn.entity'
export { TurnWatch } from './turn-watch'

export const conversationEntities = [LarkSession, LarkTurn, LarkRunEvent]
export const conversationProviders: Provider[] = [
  TurnRepository,
  SessionRepository,
  WindowRepository,
  AttemptRepository,
  TurnWatchRepository,
  RunEventRepository,
  RunDispatcher,
  TurnQueue,
  TurnWindows,
  Attempts,
  Stops,
  SessionCommands,
  Recalls,
  Conversations,
  RunFollower,
  LarkRunEventProcessor,
  LarkCancelRunProcessor,
  TurnWatch,
  SessionCleanup,
  { provide: CardActionResponder, useClass: ConversationCardActions }
]
