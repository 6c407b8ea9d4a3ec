import { type DynamicModule, Module } from '@nestjs/common'
import { Conversations } from '../experts/conversations'
import { RunRows } from '../experts/run-rows'
import { AgentChatDispatch } from './agent-chat-dispatch.processor'
import { CallbackPublishers } from './callback-publisher'
import { CancelConversation } from './cancel-conversation'
import { DispatchPlanner } from './dispatch-planner'
import { FollowUps } from './follow-ups'
import { type HandoffModuleOptions, HandoffSettings } from './handoff-options'
import { HandoffQueue } from './handoff-queue'
import { InstanceWatch } from './instance-watch'
import { MessageRunner } from './message-runner'
import { Outbox } from './outbox'
import { QueueStore } from './queue-store'
import { RunJournal } from './run-journal'
import { RunLog } from './run-log'
import { RunningRuns } from './running-runs'

const EXPORTED = [HandoffQueue, RunLog, Conversations, CancelConversation]
const INTERNAL = [
  QueueStore,
  Outbox,
  CallbackPublishers,
  RunRows,
  RunningRuns,
  DispatchPlanner,
  FollowUps,
  RunJournal,
  AgentChatDispatch,
  MessageRunner,
  InstanceWatch
]

/**
 * The queue, the runs and the experts. Needs, anywhere in the application: a TypeORM DataSource that lists
 * `handoffEntities`, and providers for `ProcessorLookup`, `ExpertSource` and `HostRequestContext`, which are looked up
 * at `onApplicationBootstrap`, when the queues start to work.
 */
@Module({})
export class HandoffModule {
  static forRoot(options: HandoffModuleOptions): DynamicModule {
    return {
      module: HandoffModule,
      imports: options.imports ?? [],
      providers: [
        { provide: HandoffSettings, useFactory: () => new HandoffSettings(options) },
        ...INTERNAL,
        ...EXPORTED
      ],
      exports: [...EXPORTED, HandoffSettings],
      global: true
    }
  }
}
