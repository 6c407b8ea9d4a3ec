export { ConnectionControl, ConnectionRefusedError } from './connection-control'
export { ConnectionManager } from './connection-manager'
export { CONNECTION_STATES, ConnectionState } from './connection-record'
export {
  ConnectionStatus,
  ConnectionStatuses,
  exclusionOf,
  ExclusionCode,
  IntegrationConnection
} from './connection-status'
export { ConflictCode, LarkConnection, RecentError } from './connection.entity'
export { longConnectionEntities, longConnectionProviders } from './long-connection.providers'
export { LossReason, reasonOf } from './reconnect-policy'
