import { type DynamicModule, Module } from '@nestjs/common'
import { Conversations } from '../experts/conversations'
import { CancelConversation } from './cancel-conversation'
import { type HandoffModuleOptions, HandoffSettings } from './handoff-options'
import { HandoffQueue } from './handoff-queue'
import { RunLog } from './run-log'

const EXPORTED = [HandoffQueue, RunLog, Conversations, CancelConversation]

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
      providers: [{ provide: HandoffSettings, useFactory: () => new HandoffSettings(options) }, ...EXPORTED],
      exports: EXPORTED,
      global: true
    }
  }
}
