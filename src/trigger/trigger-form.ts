import { label } from '../i18n'
import { groupPicker, peoplePicker } from './form-pickers'
import { DIRECT_SCOPES, GROUP_SCOPES, GROUP_STRATEGIES, TriggerConfig } from './trigger-config'

const defaults = new TriggerConfig()

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
    singleChatUserOpenIds: peoplePicker(label('usersOpenId'), {
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
    allowedGroupChatIds: groupPicker(label('groupsChatId'), {
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
