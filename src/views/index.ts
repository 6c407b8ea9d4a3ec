import { Provider } from '@nestjs/common'
import { LarkIntegrationViewProvider } from './lark-integration.view-provider'
import { MessageList } from './message-list'

export { LarkIntegrationViewProvider } from './lark-integration.view-provider'

export const viewsProviders: Provider[] = [MessageList, LarkIntegrationViewProvider]
