import { DynamicModule } from '@nestjs/common'
import { PluginConfig, pluginConfigSchema } from '../cluster'
import { HostContext, PERMISSIONS } from '../host'
import { I18nText, label } from '../i18n'
import { LarkPluginModule } from './lark-plugin.module'
import { PluginRelease } from './plugin-release'

/** What the host finds when it loads the package (host-contract §1.4); a superset of the SDK's `XpertPlugin`. */
export interface LarkPlugin {
  meta: {
    name: string
    version: string
    level: 'tenant'
    artifactNamespace: string
    category: 'integration'
    icon: { type: string; value: string }
    displayName: I18nText
    description: I18nText
    keywords: string[]
    author: string
  }
  config: { schema: typeof pluginConfigSchema; defaults: PluginConfig }
  permissions: typeof PERMISSIONS
  register(context: HostContext): DynamicModule
}

export const createLarkPlugin = (version: string): LarkPlugin => ({
  meta: {
    name: '@xpert-ai/plugin-lark',
    version,
    level: 'tenant',
    artifactNamespace: 'lark',
    category: 'integration',
    icon: { type: 'font', value: 'ri-message-3-line' },
    displayName: label('lark'),
    description: label('pluginDescription'),
    keywords: ['lark', 'feishu', 'chat', 'integration'],
    author: 'Xpert AI'
  },
  config: { schema: pluginConfigSchema, defaults: pluginConfigSchema.parse({}) },
  permissions: PERMISSIONS,
  register(context: HostContext): DynamicModule {
    return {
      module: LarkPluginModule,
      global: false,
      providers: [
        { provide: HostContext, useFactory: () => context },
        { provide: PluginRelease, useFactory: () => new PluginRelease(version) }
      ]
    }
  }
})
