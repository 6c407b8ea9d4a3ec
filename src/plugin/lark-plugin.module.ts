import {
  MiddlewareConsumer,
  NestModule,
  OnApplicationBootstrap,
  OnModuleDestroy,
  Provider,
  RequestMethod
} from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'
import { XpertServerPlugin } from '@xpert-ai/plugin-sdk'
import { clusterEntities, clusterProviders, PluginConfigReader } from '../cluster'
import { conversationEntities, conversationProviders } from '../conversation'
import { directoryControllers, directoryEntities, directoryProviders } from '../directory'
import { HostContext, hostProviders } from '../host'
import { inboxEntities, inboxProviders } from '../inbox'
import { integrationControllers, integrationProviders } from '../integration'
import { larkProviders } from '../lark'
import { longConnectionEntities, longConnectionProviders } from '../long-connection'
import { replyEntities, replyProviders } from '../reply'
import { settingsProviders } from '../settings'
import { Clock, SystemClock } from '../shared'
import { triggerEntities, triggerProviders } from '../trigger'
import { viewsControllers, viewsProviders } from '../views'
import { webhookControllers, webhookProviders, WebhookScopeMiddleware } from '../webhook'
import { backgroundProviders } from './background-parts'
import { PluginLifecycle } from './plugin-lifecycle'

const entities = [
  ...clusterEntities,
  ...inboxEntities,
  ...directoryEntities,
  ...replyEntities,
  ...conversationEntities,
  ...longConnectionEntities,
  ...triggerEntities
]

const wiring: Provider[] = [
  { provide: Clock, useClass: SystemClock },
  {
    provide: PluginConfigReader,
    useFactory: (context: HostContext) => new PluginConfigReader(() => context.config),
    inject: [HostContext]
  },
  ...backgroundProviders,
  PluginLifecycle
]

/**
 * The one Nest module: the host tags only what this decorator lists with the plugin's name and scope, and reads entities
 * from here (host-contract §1.5).
 */
@XpertServerPlugin({
  imports: [TypeOrmModule.forFeature(entities)],
  entities,
  controllers: [...webhookControllers, ...integrationControllers, ...directoryControllers, ...viewsControllers],
  providers: [
    ...wiring,
    ...clusterProviders,
    ...hostProviders,
    ...larkProviders,
    ...settingsProviders,
    ...inboxProviders,
    ...directoryProviders,
    ...replyProviders,
    ...conversationProviders,
    ...longConnectionProviders,
    ...webhookProviders,
    ...triggerProviders,
    ...integrationProviders,
    ...viewsProviders
  ]
})
export class LarkPluginModule implements NestModule, OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly lifecycle: PluginLifecycle) {}

  /** Lark's callbacks are anonymous: outside the default tenant the host's scope guard would refuse them (host-observed 28). */
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(WebhookScopeMiddleware)
      .forRoutes({ path: 'lark/webhook/:integrationId', method: RequestMethod.POST })
  }

  /** Everything that runs by itself starts here: outside any request context, with the host's services bound. */
  async onApplicationBootstrap(): Promise<void> {
    await this.lifecycle.start()
  }

  /** The host's own call at its stop; Nest's hook covers applications that do not make it. */
  async onPluginDestroy(): Promise<void> {
    await this.lifecycle.stop()
  }

  async onModuleDestroy(): Promise<void> {
    await this.lifecycle.stop()
  }
}
