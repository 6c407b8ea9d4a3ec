import { Global, Module } from '@nestjs/common'
import { DiscoveryModule } from '@nestjs/core'
import { StrategyBus } from '@xpert-ai/plugin-sdk'
import { XpertSource } from '../digital-experts/xpert-source'
import { ExpertSource, HostRequestContext, ProcessorLookup } from '../handoff'
import {
  HandoffProcessorRegistry,
  IntegrationRegistry,
  TriggerRegistry,
  ViewProviderRegistry
} from '../plugin/strategy-registries'
import { SdkRequestContext } from './sdk-request-context'

const registries = [IntegrationRegistry, TriggerRegistry, HandoffProcessorRegistry, ViewProviderRegistry]

/** The strategy registries and the ports that the handoff queue needs from the rest of the host. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    StrategyBus,
    ...registries,
    { provide: ProcessorLookup, useExisting: HandoffProcessorRegistry },
    { provide: ExpertSource, useClass: XpertSource },
    { provide: HostRequestContext, useClass: SdkRequestContext }
  ],
  exports: [StrategyBus, ...registries, ProcessorLookup, ExpertSource, HostRequestContext]
})
export class StrategiesModule {}
