import { Provider } from '@nestjs/common'
import { HostIntegrationReader } from './host-integration-reader'
import { IntegrationChanges } from './integration-changes'
import { IntegrationReader } from './integration-reader'

export { inScopeOf } from './inbound-scope'
export { IntegrationChanges } from './integration-changes'
export * from './integration-reader'
export * from './lark-settings'
export * from './ports'
export { settingsForm } from './settings-form'

export const settingsProviders: Provider[] = [
  { provide: IntegrationReader, useClass: HostIntegrationReader },
  IntegrationChanges
]
