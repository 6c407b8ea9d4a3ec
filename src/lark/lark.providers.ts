import { Provider } from '@nestjs/common'
import { LongConnectionClients } from './long-connection-client'

export const larkProviders: Provider[] = [LongConnectionClients]
