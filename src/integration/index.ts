import { Provider } from '@nestjs/common'
import { ConnectionTest } from './connection-test'
import { LarkIntegrationStrategy } from './lark-integration.strategy'

export { LarkIntegrationStrategy } from './lark-integration.strategy'

export const integrationProviders: Provider[] = [ConnectionTest, LarkIntegrationStrategy]
