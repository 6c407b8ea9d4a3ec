import { Provider } from '@nestjs/common'
import { DiagnosisTab } from './diagnosis-tab'
import { IntegrationTabs } from './integration-tabs'
import { LarkIntegrationViewProvider } from './lark-integration.view-provider'
import { MessageList } from './message-list'
import { StatusSummary } from './status-summary'

export { LarkIntegrationViewProvider } from './lark-integration.view-provider'

export const viewsProviders: Provider[] = [
  MessageList,
  StatusSummary,
  DiagnosisTab,
  IntegrationTabs,
  LarkIntegrationViewProvider
]
