import { Provider, Type } from '@nestjs/common'
import { LarkWebhookController } from './lark-webhook.controller'
import { WebhookIntake } from './webhook-intake'
import { WebhookScopeMiddleware } from './webhook-scope.middleware'

export const webhookControllers: Type[] = [LarkWebhookController]
export const webhookProviders: Provider[] = [WebhookIntake, WebhookScopeMiddleware]
