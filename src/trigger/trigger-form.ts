import { label, LabelKey } from '../i18n'
import { groupPicker, peoplePicker } from './form-pickers'
import { DIRECT_SCOPES, GROUP_SCOPES, GROUP_STRATEGIES, LIMITS, SESSION_SCOPES, TriggerConfig } from './trigger-config'

const defaults = new TriggerConfig()

type Choice = { [K in keyof TriggerConfig]: TriggerConfig[K] extends string ? K : never }[keyof TriggerConfig]
type Switch = { [K in keyof TriggerConfig]: TriggerConfig[K] extends boolean ? K : never }[keyof TriggerConfig]

const choice = (name: Choice, title: LabelKey, values: readonly string[], labels: Record<string, LabelKey>) => ({
  type: 'string',
  title: label(title),
  enum: [...values],
  default: defaults[name],
  'x-ui': { enumLabels: Object.fromEntries(Object.entries(labels).map(([value, key]) => [value, label(key)])) }
})

const onOff = (name: Switch, title: LabelKey) => ({ type: 'boolean', title: label(title), default: defaults[name] })

/** Bounds are checked by `TriggerConfig`; here they only help the renderer. */
const wholeNumber = (name: keyof typeof LIMITS, title: LabelKey, visibleWhen?: Record<string, unknown>) => ({
  type: 'number',
  title: label(title),
  default: defaults[name],
  minimum: LIMITS[name][0],
  maximum: LIMITS[name][1],
  ...(visibleWhen ? { 'x-ui': { visibleWhen } } : {})
})

/** The trigger's form; its defaults and limits are those of `TriggerConfig`. */
export const triggerForm = {
  type: 'object',
  properties: {
    enabled: onOff('enabled', 'enabled'),
    integrationId: {
      type: 'string',
      title: label('larkIntegration'),
      'x-ui': { component: 'remoteSelect', selectUrl: '/api/integration/select-options?provider=lark' }
    },
    singleChatScope: choice('singleChatScope', 'directChats', DIRECT_SCOPES, {
      all_users: 'everybody',
      selected_users: 'selectedUsers'
    }),
    singleChatUserOpenIds: peoplePicker(label('usersOpenId'), { name: 'singleChatScope', value: 'selected_users' }),
    allowedGroupScope: choice('allowedGroupScope', 'groups', GROUP_SCOPES, {
      all_chats: 'allGroups',
      selected_chats: 'selectedGroups'
    }),
    allowedGroupChatIds: groupPicker(label('groupsChatId'), { name: 'allowedGroupScope', value: 'selected_chats' }),
    groupReplyStrategy: choice('groupReplyStrategy', 'repliesInGroups', GROUP_STRATEGIES, {
      mention_only: 'onlyWhenMentioned',
      all_messages: 'everyMessage'
    }),
    groupUserScope: choice('groupUserScope', 'peopleInGroups', DIRECT_SCOPES, {
      all_users: 'everybody',
      selected_users: 'selectedUsers'
    }),
    groupUserOpenIds: peoplePicker(label('usersOpenId'), { name: 'groupUserScope', value: 'selected_users' }),
    sessionTimeoutSeconds: wholeNumber('sessionTimeoutSeconds', 'sessionTimeout'),
    summaryWindowSeconds: wholeNumber('summaryWindowSeconds', 'summaryWindow'),
    summaryMaxWaitSeconds: wholeNumber('summaryMaxWaitSeconds', 'summaryMaxWait'),
    summaryMaxMessages: wholeNumber('summaryMaxMessages', 'summaryMaxMessages'),
    sessionScope: choice('sessionScope', 'sessionScope', SESSION_SCOPES, {
      chat: 'sessionOfChat',
      chat_and_sender: 'sessionOfSender',
      thread: 'sessionOfThread'
    }),
    respondToMentionAll: onOff('respondToMentionAll', 'respondToMentionAll'),
    respondToBots: onOff('respondToBots', 'respondToBots'),
    outOfScopeReply: onOff('outOfScopeReply', 'outOfScopeReply'),
    streaming: onOff('streaming', 'streaming'),
    approverOpenIds: peoplePicker(label('approvers')),
    runIdleTimeoutSeconds: wholeNumber('runIdleTimeoutSeconds', 'runIdleTimeout'),
    attachmentMaxMiB: wholeNumber('attachmentMaxMiB', 'attachmentMax'),
    historyMessages: wholeNumber('historyMessages', 'historyMessages'),
    captureUnmentionedGroupMessages: onOff('captureUnmentionedGroupMessages', 'captureUnmentioned')
  },
  required: ['integrationId']
}
