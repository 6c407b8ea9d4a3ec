import { Provider, Type } from '@nestjs/common'
import { ConnectionProbe } from './connection-probe'
import { ConnectionTest } from './connection-test'
import { doctorControllers, doctorProviders } from './doctor'
import { KeptOptions } from './kept-options'
import { LarkIntegrationStrategy } from './lark-integration.strategy'

export { Doctor, DoctorReport, reactionText, RenderedLine, renderLine, Verdict } from './doctor'
export { webhookUrlOf } from './webhook-url'
export { LarkIntegrationStrategy } from './lark-integration.strategy'

export const integrationControllers: Type[] = [...doctorControllers]
export const integrationProviders: Provider[] = [
  ...doctorProviders,
  ConnectionProbe,
  ConnectionTest,
  KeptOptions,
  LarkIntegrationStrategy
]
