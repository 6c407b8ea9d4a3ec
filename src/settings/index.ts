import { Provider } from '@nestjs/common'
import { HostIntegrationReader } from './host-integration-reader'
import { IntegrationChanges } from './integration-changes'
import { IntegrationAccess } from './integration-access'
import { IntegrationGuard } from './integration-guard'
import { IntegrationReader } from './integration-reader'
import { RemovedIntegrations } from './removed-integrations'

export * from './integration-access'
export * from './integration-guard'
export { inScopeOf } from './inbound-scope'
export { IntegrationChanges } from './integration-changes'
export * from './integration-reader'
export * from './lark-settings'
export * from './ports'
export * from './provisioned-role'
export { RemovedIntegrations } from './removed-integrations'
export { settingsForm } from './settings-form'

export const settingsProviders: Provider[] = [
  { provide: IntegrationReader, useClass: HostIntegrationReader },
  IntegrationChanges,
  RemovedIntegrations,
  IntegrationAccess,
  IntegrationGuard
]
