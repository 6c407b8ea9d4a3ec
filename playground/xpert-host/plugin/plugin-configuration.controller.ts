import { Body, Controller, Get, HttpCode, Inject, Post, Put } from '@nestjs/common'
import { Permissions } from '../auth/auth.guard'
import { PluginConfigurations } from './plugin-configurations'
import { LOADED_PLUGIN } from './plugin-host.module'
import type { LoadedPlugin } from './plugin-loader'

@Controller('plugin')
@Permissions('PLUGIN_CONFIGURE')
export class PluginConfigurationController {
  constructor(
    private readonly configurations: PluginConfigurations,
    @Inject(LOADED_PLUGIN) private readonly loaded: LoadedPlugin
  ) {}

  @Get()
  list() {
    const { package: pkg, plugin, scopeKey, configuration } = this.loaded
    return [
      {
        name: pkg.name,
        meta: plugin.meta,
        level: pkg.level,
        scopeKey,
        loadStatus: 'loaded',
        configurationStatus: configuration.status
      }
    ]
  }

  @Post('configuration')
  @HttpCode(200)
  read(@Body() body: { pluginName: string }) {
    return this.configurations.read(body.pluginName)
  }

  @Put('configuration')
  change(@Body() body: { pluginName: string; config?: Record<string, unknown> }) {
    return this.configurations.change(body.pluginName, body.config ?? {})
  }
}
