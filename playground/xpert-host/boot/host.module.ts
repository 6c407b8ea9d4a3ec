import { Global, Module, type DynamicModule } from '@nestjs/common'
import { HandoffModule } from '../handoff'
import { KernelModule } from '../kernel/kernel.module'
import { StrategiesModule } from '../kernel/strategies.module'
import { PluginHostModule } from '../plugin/plugin-host.module'
import type { LoadedPlugin } from '../plugin/plugin-loader'
import { databaseModule } from './database'
import { HOST_SETTINGS, type HostSettings } from './host-settings'

@Global()
@Module({})
export class HostModule {
  static forRoot(settings: HostSettings, loaded: LoadedPlugin): DynamicModule {
    const { databaseUrl, instance, handoff } = settings
    return {
      module: HostModule,
      imports: [
        databaseModule(databaseUrl, loaded.entities),
        StrategiesModule,
        HandoffModule.forRoot({ databaseUrl, instance, ...handoff }),
        KernelModule,
        PluginHostModule.forRoot(loaded)
      ],
      providers: [{ provide: HOST_SETTINGS, useValue: settings }],
      exports: [HOST_SETTINGS]
    }
  }
}
