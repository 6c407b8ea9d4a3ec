import { Inject, Injectable, NotFoundException } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { zodToJsonSchema } from 'zod-to-json-schema'
import { HOST_SETTINGS, type HostSettings } from '../boot/host-settings'
import { resolveConfig } from './plugin-config'
import { LOADED_PLUGIN } from './plugin-host.module'
import { PluginInstance } from './plugin-instance.entity'
import type { LoadedPlugin } from './plugin-loader'

/** The plugin's configuration: read, changed in place, kept for the next start. */
@Injectable()
export class PluginConfigurations {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOADED_PLUGIN) private readonly loaded: LoadedPlugin,
    @Inject(HOST_SETTINGS) private readonly settings: HostSettings
  ) {}

  read(pluginName: string) {
    this.assertLoaded(pluginName)
    const { plugin, configuration, context } = this.loaded
    return {
      pluginName,
      config: context.config,
      configSchema: this.formSchema(plugin),
      configurationStatus: configuration.status,
      configurationError: configuration.error instanceof Error ? configuration.error.message : undefined
    }
  }

  /** Throws the schema's own error, a 500 for the caller. `context.config` gets a new object: read it each time. */
  async change(pluginName: string, config: Record<string, unknown>) {
    this.assertLoaded(pluginName)
    const resolved = resolveConfig(this.loaded.plugin, config)
    if (resolved.status === 'invalid') throw resolved.error
    const {
      scopeKey,
      tenantId,
      package: { level }
    } = this.loaded
    const row = { pluginName, scopeKey, level, tenantId, config, installedConfig: this.settings.pluginConfig }
    await this.dataSource.getRepository(PluginInstance).upsert(row as never, ['pluginName', 'scopeKey'])
    this.loaded.configuration = resolved
    this.loaded.context.config = resolved.config
    return this.read(pluginName)
  }

  /** `PLUGIN_CONFIG_RESOLVER_TOKEN`. */
  resolve(pluginName: string, options: { defaults?: Record<string, unknown> } = {}): Record<string, unknown> {
    const own = pluginName === this.loaded.plugin.meta.name ? this.loaded.context.config : {}
    return { ...options.defaults, ...own }
  }

  private assertLoaded(pluginName: string): void {
    if (pluginName !== this.loaded.package.name) throw new NotFoundException(`Plugin ${pluginName} is not installed`)
  }

  private formSchema(plugin: LoadedPlugin['plugin']): unknown {
    const form = plugin.config?.formSchema
    if (form?.type === 'object') return form
    return plugin.config?.schema ? zodToJsonSchema(plugin.config.schema as never) : undefined
  }
}
