import { Provider } from '@nestjs/common'
import { ConnectionManager } from './connection-manager'
import { ConnectionStatuses } from './connection-status'
import { LarkConnection } from './connection.entity'

export const longConnectionEntities = [LarkConnection]
export const longConnectionProviders: Provider[] = [ConnectionManager, ConnectionStatuses]
