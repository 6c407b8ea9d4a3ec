import { Provider } from '@nestjs/common'
import { CardActionResponder } from '../lark'
import { AttemptRepository } from './attempt.repository'
import { Attempts } from './attempts'
import { LarkBotTalk } from './bot-talk.entity'
import { HistoryRetention } from './history-retention'
import { HistoryRepository } from './history.repository'
import { LarkCancelRunProcessor } from './cancel-run.processor'
import { ConversationCardActions } from './card-actions'
import { CardClicks } from './card-clicks'
import { ClickPeople } from './click-people'
import { DecidedClicks } from './decided-clicks'
import { ClickedAnswers } from './clicked-answers'
import { ClickedTurnRepository } from './clicked-turn.repository'
import { Conversations } from './conversations'
import { DispatchLease } from './dispatch-lease'
import { LeftSigns } from './left-signs'
import { AnswerFiles } from './answer-files/answer-files'
import { AnswerLinks } from './answer-files/answer-links'
import { PublicFetch } from './answer-files/public-fetch'
import { ShownAnswers } from './answer-files/shown-answers'
import { Preparations } from './question/preparations'
import { QuestionBuilder } from './question/question-builder'
import { QuotedContext } from './question/quoted-context'
import { InlineRoom } from './question/inline-room'
import { TurnAttachments } from './question/turn-attachments'
import { TurnQuestions } from './question/turn-questions'
import { RunDispatcher } from './run-dispatcher'
import { LarkRunEvent } from './run-event.entity'
import { RunEventIntake } from './run-event.intake'
import { LarkRunEventProcessor } from './run-event.processor'
import { RunEventRepository } from './run-event.repository'
import { RunFinisher } from './run-finisher'
import { RunFollower } from './run-follower'
import { RunProgressReader } from './run-progress'
import { SessionControl } from './session-control'
import { SessionCleanup } from './session-cleanup'
import { Recalls } from './recalls'
import { SessionCommands } from './session-commands'
import { SessionRepository } from './session.repository'
import { LarkSession } from './session.entity'
import { Stops } from './stops'
import { TurnClosing } from './turn-closing'
import { TurnQueue } from './turn-queue'
import { TurnUpkeep } from './turn-upkeep'
import { TurnWatch } from './turn-watch'
import { TurnWatchRepository } from './turn-watch.repository'
import { SessionLeaving } from './session-leaving'
import { TurnOpening } from './turn-opening'
import { TurnWindows } from './turn-windows'
import { LarkTurn } from './turn.entity'
import { TurnContexts } from './turn-contexts'
import { TurnRepository } from './turn.repository'
import { WaitingSigns } from './waiting-signs'
import { WindowRepository } from './window.repository'

export { Alongside, Attempts } from './attempts'
export { ClickPermission, ClickPermissions, Presser } from './click-permissions'
export { CardClicks, ClickResult } from './card-clicks'
export { LarkCancelRunProcessor } from './cancel-run.processor'
export { HistoryScope, KnownMessage, ScopeMessages } from './question/scope-messages'
export { Preparations } from './question/preparations'
export { BotLoopError, Conversations } from './conversations'
export { NewTurn } from './turn-opening'
export { HistoryRetention } from './history-retention'
export { RunFollower } from './run-follower'
export { LarkRunEventProcessor } from './run-event.processor'
export { SessionControl } from './session-control'
export { SessionCleanup } from './session-cleanup'
export { Recalls } from './recalls'
export { SessionCommands } from './session-commands'
export { chainOf, GroupSessions, isShared, sessionKeyOf } from './session-key'
export { SessionScope } from './session-scope'
export { MAX_BOT_TURNS } from './session-visit'
export { Stops } from './stops'
export { EndedTurn, TurnOutcome } from './turn-outcome'
export { MessageMaterial, DEFAULT_TURN_OPTIONS, TurnMessage, TurnOptions } from './turn.entity'
export { TurnWatch } from './turn-watch'

export const conversationEntities = [LarkSession, LarkTurn, LarkRunEvent, LarkBotTalk]
export const conversationProviders: Provider[] = [
  TurnRepository,
  SessionRepository,
  WindowRepository,
  AttemptRepository,
  TurnWatchRepository,
  RunEventRepository,
  TurnContexts,
  RunEventIntake,
  { provide: PublicFetch, useFactory: () => new PublicFetch() },
  AnswerLinks,
  AnswerFiles,
  ShownAnswers,
  DispatchLease,
  TurnAttachments,
  InlineRoom,
  QuotedContext,
  QuestionBuilder,
  Preparations,
  TurnQuestions,
  RunDispatcher,
  TurnQueue,
  TurnWindows,
  SessionLeaving,
  TurnOpening,
  WaitingSigns,
  LeftSigns,
  TurnUpkeep,
  Attempts,
  Stops,
  SessionCommands,
  Recalls,
  Conversations,
  ClickedTurnRepository,
  ClickedAnswers,
  DecidedClicks,
  TurnClosing,
  ClickPeople,
  CardClicks,
  RunProgressReader,
  RunFinisher,
  RunFollower,
  LarkRunEventProcessor,
  LarkCancelRunProcessor,
  TurnWatch,
  HistoryRepository,
  HistoryRetention,
  SessionCleanup,
  SessionControl,
  { provide: CardActionResponder, useClass: ConversationCardActions }
]
