export { webhookControllers, webhookProviders } from './webhook.providers'
export { WebhookRejectedError, WebhookRejection } from './webhook-rejected-error'
export { WebhookScopeMiddleware } from './webhook-scope.middleware'
export { LarkWebhookController } from './lark-webhook.controller'
