import { Provider } from '@nestjs/common'
import { ConnectionLeases } from './connection-lease'
import { ConnectionManager } from './connection-manager'
import { ConnectionStatuses } from './connection-status'
import { LarkConnection } from './connection.entity'
import { EventIntake } from './event-intake'
import { KnownIntegrations } from './known-integrations'

export const longConnectionEntities = [LarkConnection]
export const longConnectionProviders: Provider[] = [
  ConnectionLeases,
  ConnectionManager,
  ConnectionStatuses,
  EventIntake,
  KnownIntegrations
]
