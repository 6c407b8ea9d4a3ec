import { Provider } from '@nestjs/common'
import { ConnectionControl } from './connection-control'
import { ConnectionLeases } from './connection-lease'
import { ConnectionManager } from './connection-manager'
import { ConnectionStatuses } from './connection-status'
import { LarkConnection } from './connection.entity'
import { EventIntake } from './event-intake'
import { KnownIntegrations } from './known-integrations'

export const longConnectionEntities = [LarkConnection]
export const longConnectionProviders: Provider[] = [
  ConnectionControl,
  ConnectionLeases,
  ConnectionManager,
  ConnectionStatuses,
  EventIntake,
  KnownIntegrations
]
