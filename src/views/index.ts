import { Provider } from '@nestjs/common'
import { LarkIntegrationViewProvider } from './lark-integration.view-provider'
import { MessageList } from './message-list'
import { StatusSummary } from './status-summary'

export { LarkIntegrationViewProvider } from './lark-integration.view-provider'

export const viewsProviders: Provider[] = [MessageList, StatusSummary, LarkIntegrationViewProvider]
