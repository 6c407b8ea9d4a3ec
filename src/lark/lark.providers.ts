import { Provider } from '@nestjs/common'
import { DirectoryApis } from './directory/directory-apis'
import { AppInspections } from './inspection/app-inspection'
import { LarkApis } from './lark-api'
import { SdkLarkApis } from './lark-api.client'
import { LarkClientFactory } from './lark-client.factory'
import { LongConnectionClients } from './long-connection-client'

export const larkProviders: Provider[] = [
  LarkClientFactory,
  LongConnectionClients,
  AppInspections,
  DirectoryApis,
  { provide: LarkApis, useClass: SdkLarkApis }
]
