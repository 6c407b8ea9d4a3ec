import { Global, Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { CqrsModule } from '@nestjs/cqrs'
import { RequestContextMiddleware } from '@xpert-ai/plugin-sdk'
import { AccountBindingService } from '../accounts/account-binding.service'
import { Accounts } from '../accounts/accounts'
import { UserPermissionService } from '../accounts/user-permission.service'
import { AuthController } from '../auth/auth.controller'
import { AuthGuard } from '../auth/auth.guard'
import { PluginScopeGuard } from '../auth/plugin-scope.guard'
import { controlControllers } from '../control'
import { NoopProcessor } from '../digital-experts/noop.processor'
import { TriggerCallback } from '../digital-experts/trigger-callback'
import { TriggerPublisher } from '../digital-experts/trigger-publisher'
import { TriggerRecovery } from '../digital-experts/trigger-recovery'
import { ConversationController } from '../digital-experts/conversation.controller'
import { XpertController } from '../digital-experts/xpert.controller'
import { Xperts } from '../digital-experts/xperts'
import { HostFaults } from '../control/host-faults'
import { IntegrationPermissionService } from '../integrations/integration-permission.service'
import { IntegrationController } from '../integrations/integration.controller'
import { Integrations } from '../integrations/integrations'
import { HandoffSettings } from '../handoff'
import { HOST_TOKENS } from '../plugin/permission-handlers'
import { PluginConfigurationController } from '../plugin/plugin-configuration.controller'
import { PluginConfigurations } from '../plugin/plugin-configurations'
import { ViewHostController } from '../views/view-host.controller'
import { ViewCache } from '../views/view-cache'
import { ViewHosts } from '../views/view-hosts'
import { RuntimeCapabilities } from '../workspace/runtime-capabilities'
import { CancelConversationHandler } from './cancel-conversation.handler'
import { HandoffPermissionService } from './handoff-permission.service'

/** Everything of the host that is neither the plugin, nor the queue, nor the database connection. */
@Global()
@Module({
  imports: [CqrsModule.forRoot()],
  controllers: [
    AuthController,
    IntegrationController,
    XpertController,
    ConversationController,
    PluginConfigurationController,
    ViewHostController,
    ...controlControllers
  ],
  providers: [
    Accounts,
    Integrations,
    HostFaults,
    Xperts,
    TriggerPublisher,
    TriggerCallback,
    TriggerRecovery,
    NoopProcessor,
    PluginConfigurations,
    ViewHosts,
    ViewCache,
    CancelConversationHandler,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_GUARD, useClass: PluginScopeGuard },
    { provide: HOST_TOKENS.integration, useClass: IntegrationPermissionService },
    { provide: HOST_TOKENS.handoffQueue, useClass: HandoffPermissionService },
    { provide: HOST_TOKENS.user, useClass: UserPermissionService },
    { provide: HOST_TOKENS.accountBinding, useClass: AccountBindingService },
    {
      provide: HOST_TOKENS.runtimeCapabilities,
      useFactory: ({ workspaceDir }: HandoffSettings, faults: HostFaults) =>
        new RuntimeCapabilities(workspaceDir, () => faults.apply('workspace-files')),
      inject: [HandoffSettings, HostFaults]
    },
    { provide: HOST_TOKENS.configResolver, useExisting: PluginConfigurations },
    { provide: HOST_TOKENS.viewCache, useExisting: ViewCache }
  ],
  exports: [CqrsModule]
})
export class KernelModule implements NestModule {
  /** A global module's middleware runs before the plugin's, so the plugin's middleware finds the request context. */
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(RequestContextMiddleware).forRoutes('{*path}')
  }
}
