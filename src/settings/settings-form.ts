import { label } from '../i18n'
import { CONNECTION_MODES } from './lark-settings'

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
        enumLabels: {
          long_connection: label('longConnectionRecommended'),
          webhook: label('webhook')
        }
      }
    },
    appId: { type: 'string', title: label('appId') },
    appSecret: { type: 'string', title: label('appSecret'), 'x-ui': { component: 'password' } },
    verificationToken: {
      type: 'string',
      title: label('verificationToken'),
      'x-ui': { component: 'password', visibleWhen: webhookOnly }
    },
    encryptKey: {
      type: 'string',
      title: label('encryptKey'),
      'x-ui': { component: 'password', visibleWhen: webhookOnly }
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
