import { Provider } from '@nestjs/common'
import { LarkApis } from './lark-api'
import { SdkLarkApis } from './lark-api.client'
import { LarkClientFactory } from './lark-client.factory'
import { LongConnectionClients } from './long-connection-client'

export const larkProviders: Provider[] = [
  LarkClientFactory,
  LongConnectionClients,
  { provide: LarkApis, useClass: SdkLarkApis }
]
