import { Provider } from '@nestjs/common'
import { RunCancel } from './cancel-run'
import { HostServices } from './host-services'
import { IntegrationRows } from './integration-rows'

export { cancelMessage, CancelTarget, RunCancel } from './cancel-run'
export * from './dispatch'
export * from './handoff-message'
export * from './host-context'
export { HostIntegration, HostServices, PERMISSIONS } from './host-services'
export { IntegrationRow, IntegrationRows } from './integration-rows'
export * from './public-route'
export * from './request-context'
export * from './run-callback'
export * from './strategy-decorators'
export * from './view-types'

export const hostProviders: Provider[] = [HostServices, IntegrationRows, RunCancel]
