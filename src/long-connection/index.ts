export { ConnectionManager } from './connection-manager'
export { ConnectionState, ConnectionStatus, ConnectionStatuses, RecentError } from './connection-status'
export { LarkConnection } from './connection.entity'
export { longConnectionEntities, longConnectionProviders } from './long-connection.providers'
