import { Provider } from '@nestjs/common'
import { CallCounts } from './call-counts'
import { DirectoryApis } from './directory/directory-apis'
import { AppInspections } from './inspection/app-inspection'
import { LarkApis } from './lark-api'
import { SdkLarkApis } from './lark-api.client'
import { LarkContents } from './lark-contents'
import { LarkClientFactory } from './lark-client.factory'
import { LongConnectionClients } from './long-connection-client'
import { RateGovernor } from './rate-governor'
import { SdkLarkContents } from './sdk-lark-contents'

export const larkProviders: Provider[] = [
  LarkClientFactory,
  LongConnectionClients,
  AppInspections,
  DirectoryApis,
  RateGovernor,
  CallCounts,
  { provide: LarkApis, useClass: SdkLarkApis },
  { provide: LarkContents, useClass: SdkLarkContents }
]
