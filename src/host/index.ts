import { Provider } from '@nestjs/common'
import { HostServices } from './host-services'
import { IntegrationRows } from './integration-rows'
import { XpertNames } from './xpert-names'

export * from './dispatch'
export * from './handoff-message'
export * from './host-context'
export { HostIntegration, HostServices, HostUser, NewUser, PERMISSIONS } from './host-services'
export { IntegrationRow, IntegrationRows } from './integration-rows'
export * from './plugin-message'
export * from './public-route'
export * from './request-context'
export * from './run-callback'
export * from './strategy-decorators'
export * from './view-types'
export { XpertNames } from './xpert-names'

export const hostProviders: Provider[] = [HostServices, IntegrationRows, XpertNames]
