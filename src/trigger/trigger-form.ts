import { I18nText, label } from '../i18n'
import { DIRECT_SCOPES, GROUP_SCOPES, GROUP_STRATEGIES, TriggerConfig } from './trigger-config'

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
    enabled: { type: 'boolean', title: label('enabled'), default: defaults.enabled },
    integrationId: {
      type: 'string',
      title: label('larkIntegration'),
      'x-ui': { component: 'remoteSelect', selectUrl: '/api/integration/select-options?provider=lark' }
    },
    singleChatScope: {
      type: 'string',
      title: label('directChats'),
      enum: [...DIRECT_SCOPES],
      default: defaults.singleChatScope,
      'x-ui': {
        enumLabels: { all_users: label('everybody'), selected_users: label('selectedUsers') }
      }
    },
    singleChatUserOpenIds: ids(label('usersOpenId'), {
      name: 'singleChatScope',
      value: 'selected_users'
    }),
    allowedGroupScope: {
      type: 'string',
      title: label('groups'),
      enum: [...GROUP_SCOPES],
      default: defaults.allowedGroupScope,
      'x-ui': {
        enumLabels: { all_chats: label('allGroups'), selected_chats: label('selectedGroups') }
      }
    },
    allowedGroupChatIds: ids(label('groupsChatId'), {
      name: 'allowedGroupScope',
      value: 'selected_chats'
    }),
    groupReplyStrategy: {
      type: 'string',
      title: label('repliesInGroups'),
      enum: [...GROUP_STRATEGIES],
      default: defaults.groupReplyStrategy,
      'x-ui': {
        enumLabels: {
          mention_only: label('onlyWhenMentioned'),
          all_messages: label('everyMessage')
        }
      }
    }
  },
  required: ['integrationId']
}
