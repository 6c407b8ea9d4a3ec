import { Provider } from '@nestjs/common'
import { RunCancel } from './cancel-run'
import { HostConversations } from './host-conversations'
import { HostFiles } from './host-files'
import { HostServices } from './host-services'
import { IntegrationRows } from './integration-rows'
import { XpertNames } from './xpert-names'
import { XpertRows } from './xpert-rows'

export { cancelMessage, CancelTarget, RunCancel } from './cancel-run'
export * from './dispatch'
export { HandoffMessage, HandoffProcessor, ProcessResult } from './handoff-message'
export * from './host-context'
export { ConversationPlace, HostConversations } from './host-conversations'
export { FileOwner, HostFileError, HostFiles, inlineFile, RunFile } from './host-files'
export { HostIntegration, HostServices, HostUser, NewUser, PERMISSIONS } from './host-services'
export { IntegrationRow, IntegrationRows } from './integration-rows'
export * from './plugin-message'
export * from './public-route'
export * from './request-context'
export * from './run-callback'
export * from './strategy-decorators'
export * from './view-types'
export { XpertNames } from './xpert-names'
export { XpertRows, XpertStanding } from './xpert-rows'

export const hostProviders: Provider[] = [
  HostServices,
  HostConversations,
  HostFiles,
  IntegrationRows,
  RunCancel,
  XpertNames,
  XpertRows
]
