import { DynamicModule } from '@nestjs/common'
import { PluginConfig, pluginConfigSchema } from '../cluster'
import { HostContext, PERMISSIONS } from '../host'
import { LarkPluginModule } from './lark-plugin.module'

/** What the host finds when it loads the package (host-contract §1.4); a superset of the SDK's `XpertPlugin`. */
export interface LarkPlugin {
  meta: {
    name: string
    version: string
    level: 'tenant'
    artifactNamespace: string
    category: 'integration'
    icon: { type: string; value: string }
    displayName: { en_US: string; zh_Hans: string }
    description: { en_US: string; zh_Hans: string }
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
    displayName: { en_US: 'Lark', zh_Hans: '飞书' },
    description: {
      en_US: 'Talk to Digital Experts from Lark and Feishu',
      zh_Hans: '在飞书和 Lark 中与数字专家对话'
    },
    keywords: ['lark', 'feishu', 'chat', 'integration'],
    author: 'Xpert AI'
  },
  config: { schema: pluginConfigSchema, defaults: pluginConfigSchema.parse({}) },
  permissions: PERMISSIONS,
  register(context: HostContext): DynamicModule {
    return {
      module: LarkPluginModule,
      global: false,
      providers: [{ provide: HostContext, useFactory: () => context }]
    }
  }
})
