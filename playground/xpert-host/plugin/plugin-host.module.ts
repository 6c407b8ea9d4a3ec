import { Global, Inject, Module, type DynamicModule, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common'
import { ModuleRef } from '@nestjs/core'
import type { LoadedPlugin } from './plugin-loader'

export const LOADED_PLUGIN = Symbol('LOADED_PLUGIN')

/**
 * Mounts the plugin and calls its own life cycle. Nest runs the hooks of global modules first at the start and last at
 * the end, so the order is: register, onPluginBootstrap, the plugin's onModuleInit ... onModuleDestroy of its
 * providers, onPluginDestroy, onApplicationShutdown. Nobody calls onInit, onStart or onStop (host-observed 3).
 */
@Global()
@Module({})
export class PluginHostModule implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(LOADED_PLUGIN) private readonly loaded: LoadedPlugin,
    private readonly moduleRef: ModuleRef
  ) {}

  static forRoot(loaded: LoadedPlugin): DynamicModule {
    return {
      module: PluginHostModule,
      imports: [loaded.dynamicModule],
      providers: [{ provide: LOADED_PLUGIN, useFactory: () => loaded }],
      exports: [LOADED_PLUGIN]
    }
  }

  async onModuleInit(): Promise<void> {
    this.loaded.context.module = this.moduleRef
    await this.instance().onPluginBootstrap?.()
  }

  async onModuleDestroy(): Promise<void> {
    await this.instance().onPluginDestroy?.()
  }

  private instance() {
    return this.moduleRef.get(this.loaded.moduleClass, { strict: false })
  }
}
