import { Provider } from '@nestjs/common'
import { ConnectionControl } from './connection-control'
import { ConnectionLeases } from './connection-lease'
import { ConnectionManager, ConnectionSurroundings } from './connection-manager'
import { ConnectionStatuses } from './connection-status'
import { LarkConnection } from './connection.entity'
import { EventIntake } from './event-intake'
import { HeldConnections } from './held-connections'
import { KnownIntegrations } from './known-integrations'
import { SecretChecks } from './secret-checks'

export const longConnectionEntities = [LarkConnection]
export const longConnectionProviders: Provider[] = [
  ConnectionControl,
  ConnectionLeases,
  ConnectionManager,
  ConnectionStatuses,
  ConnectionSurroundings,
  EventIntake,
  HeldConnections,
  KnownIntegrations,
  SecretChecks
]
