import { label } from '../i18n'
import { CONNECTION_MODES } from './lark-settings'

/** Pages about one thing in each language: English readers are mostly on Lark, Chinese ones on Feishu. */
const help = (path: string) => ({
  en_US: `https://open.larksuite.com/document/${path}`,
  zh_Hans: `https://open.feishu.cn/document/${path}`
})

const CREDENTIALS = help('home/introduction-to-custom-app-development/self-built-application-development-process')
const SUBSCRIPTION = help(
  'server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case'
)
const ENCRYPTION = help(
  'server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case'
)

const webhookOnly = { name: 'connectionMode', value: 'webhook' }

/** The integration's form, in the order and with the words of the product page; the keys are those of the public plugin. */
export const settingsForm = {
  type: 'object',
  properties: {
    connectionMode: {
      type: 'string',
      title: label('connectionMode'),
      enum: [...CONNECTION_MODES],
      default: 'long_connection',
      'x-ui': {
        help: SUBSCRIPTION,
        enumLabels: {
          long_connection: label('longConnectionRecommended'),
          webhook: label('webhook')
        }
      }
    },
    appId: { type: 'string', title: label('appId'), 'x-ui': { help: CREDENTIALS } },
    appSecret: { type: 'string', title: label('appSecret'), 'x-ui': { component: 'password' } },
    verificationToken: {
      type: 'string',
      title: label('verificationToken'),
      'x-ui': { component: 'password', visibleWhen: webhookOnly, help: ENCRYPTION }
    },
    encryptKey: {
      type: 'string',
      title: label('encryptKey'),
      'x-ui': { component: 'password', visibleWhen: webhookOnly, help: ENCRYPTION }
    },
    isLark: { type: 'boolean', title: label('international'), default: false },
    preferLanguage: {
      type: 'string',
      title: label('preferredLanguage'),
      enum: ['en', 'zh-Hans'],
      'x-ui': { enumLabels: { en: label('english'), 'zh-Hans': label('chinese') } }
    },
    userProvision: {
      type: 'object',
      title: label('autoProvisionUsers'),
      properties: {
        autoProvision: { type: 'boolean', title: label('autoProvisionUsers'), default: false },
        roleName: {
          type: 'string',
          title: label('roleOfNewUsers'),
          'x-ui': { visibleWhen: { name: 'autoProvision', value: true } }
        }
      }
    }
  },
  required: ['appId', 'appSecret']
}
