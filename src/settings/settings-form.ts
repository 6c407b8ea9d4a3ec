import { I18nText } from '../host'
import { CONNECTION_MODES } from './lark-settings'

const text = (en_US: string, zh_Hans: string): I18nText => ({ en_US, zh_Hans })

const webhookOnly = { name: 'connectionMode', value: 'webhook' }

/** The integration's form, in the order and with the words of the product page; the keys are those of the public plugin. */
export const settingsForm = {
  type: 'object',
  properties: {
    connectionMode: {
      type: 'string',
      title: text('Connection Mode', '连接模式'),
      enum: [...CONNECTION_MODES],
      default: 'long_connection',
      'x-ui': {
        enumLabels: {
          long_connection: text('Long connection (recommended)', '长连接（推荐）'),
          webhook: text('Webhook', 'Webhook')
        }
      }
    },
    appId: { type: 'string', title: text('App ID', 'App ID'), description: text('cli_…', 'cli_…') },
    appSecret: { type: 'string', title: text('App Secret', 'App Secret'), 'x-ui': { component: 'password' } },
    verificationToken: {
      type: 'string',
      title: text('Verification Token', 'Verification Token'),
      'x-ui': { component: 'password', visibleWhen: webhookOnly }
    },
    encryptKey: {
      type: 'string',
      title: text('Encrypt Key', 'Encrypt Key'),
      'x-ui': { component: 'password', visibleWhen: webhookOnly }
    },
    isLark: { type: 'boolean', title: text('International', '国际版'), default: false },
    preferLanguage: {
      type: 'string',
      title: text('Preferred Language', '首选语言'),
      enum: ['en', 'zh-Hans'],
      'x-ui': { enumLabels: { en: text('English', '英语'), 'zh-Hans': text('Chinese', '中文') } }
    },
    userProvision: {
      type: 'object',
      title: text('Auto-provision Users', '自动创建用户'),
      properties: {
        autoProvision: { type: 'boolean', title: text('Auto-provision Users', '自动创建用户'), default: false },
        roleName: {
          type: 'string',
          title: text('Role of new users', '新用户的角色'),
          'x-ui': { visibleWhen: { name: 'autoProvision', value: true } }
        }
      }
    }
  },
  required: ['appId', 'appSecret']
}
