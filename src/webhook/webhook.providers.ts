import { Provider, Type } from '@nestjs/common'
import { AddressedIntegration } from './addressed-integration'
import { LarkWebhookController } from './lark-webhook.controller'
import { WebhookActivity } from './webhook-activity'
import { WebhookIntake } from './webhook-intake'
import { WebhookScopeMiddleware } from './webhook-scope.middleware'

export const webhookControllers: Type[] = [LarkWebhookController]
export const webhookProviders: Provider[] = [
  WebhookActivity,
  AddressedIntegration,
  WebhookIntake,
  WebhookScopeMiddleware
]
