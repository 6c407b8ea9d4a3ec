import { I18nText } from '../host'
import { DIRECT_SCOPES, GROUP_SCOPES, GROUP_STRATEGIES, TriggerConfig } from './trigger-config'

const text = (en_US: string, zh_Hans: string): I18nText => ({ en_US, zh_Hans })

const defaults = new TriggerConfig()

/** `type: 'array'` shows a stray "+" in the host's renderer; a string with `multiple` saves an array (host-observed 45). */
const ids = (title: I18nText, visibleWhen: Record<string, unknown>) => ({
  type: 'string',
  title,
  'x-ui': { component: 'textarea', multiple: true, visibleWhen }
})

/** The trigger's form; its defaults are those of `TriggerConfig`. */
export const triggerForm = {
  type: 'object',
  properties: {
    enabled: { type: 'boolean', title: text('Enabled', '启用'), default: defaults.enabled },
    integrationId: {
      type: 'string',
      title: text('Lark integration', 'Lark 集成'),
      'x-ui': { component: 'remoteSelect', selectUrl: '/api/integration/select-options?provider=lark' }
    },
    singleChatScope: {
      type: 'string',
      title: text('Direct chats', '单聊范围'),
      enum: [...DIRECT_SCOPES],
      default: defaults.singleChatScope,
      'x-ui': {
        enumLabels: { all_users: text('Everybody', '所有用户'), selected_users: text('Selected users', '指定用户') }
      }
    },
    singleChatUserOpenIds: ids(text('Users (open_id)', '用户（open_id）'), {
      name: 'singleChatScope',
      value: 'selected_users'
    }),
    allowedGroupScope: {
      type: 'string',
      title: text('Groups', '群聊范围'),
      enum: [...GROUP_SCOPES],
      default: defaults.allowedGroupScope,
      'x-ui': {
        enumLabels: { all_chats: text('All groups', '所有群聊'), selected_chats: text('Selected groups', '指定群聊') }
      }
    },
    allowedGroupChatIds: ids(text('Groups (chat_id)', '群聊（chat_id）'), {
      name: 'allowedGroupScope',
      value: 'selected_chats'
    }),
    groupReplyStrategy: {
      type: 'string',
      title: text('Replies in groups', '群聊回复策略'),
      enum: [...GROUP_STRATEGIES],
      default: defaults.groupReplyStrategy,
      'x-ui': {
        enumLabels: {
          mention_only: text('Only when mentioned', '仅在被提及时'),
          all_messages: text('Every message', '所有消息')
        }
      }
    }
  },
  required: ['integrationId']
}
