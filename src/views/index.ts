import { Provider, Type } from '@nestjs/common'
import { ConnectionActions } from './connection-actions'
import { DiagnosisTab } from './diagnosis-tab'
import { IntegrationTabs } from './integration-tabs'
import { LarkIntegrationViewProvider } from './lark-integration.view-provider'
import { LarkRuntimeController } from './lark-runtime.controller'
import { MessageList } from './message-list'
import { MessagesTab } from './messages-tab'
import { RuntimeLines } from './runtime-lines'
import { SessionList } from './session-list'
import { SessionsTab } from './sessions-tab'
import { StatusTab } from './status-tab'
import { TabSituations } from './tab-situations'
import { UsersTab } from './users-tab'

export { LarkIntegrationViewProvider } from './lark-integration.view-provider'

export const viewsControllers: Type[] = [LarkRuntimeController]
export const viewsProviders: Provider[] = [
  MessageList,
  SessionList,
  RuntimeLines,
  ConnectionActions,
  StatusTab,
  DiagnosisTab,
  UsersTab,
  SessionsTab,
  MessagesTab,
  IntegrationTabs,
  TabSituations,
  LarkIntegrationViewProvider
]
