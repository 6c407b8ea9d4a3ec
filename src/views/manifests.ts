import { ViewManifest } from '../host'
import { label } from '../i18n'

export const PROVIDER_KEY = 'lark_integration'
export const HOST_TYPE = 'integration'
export const SLOT = 'detail.main_tabs'

const common = {
  hostType: HOST_TYPE,
  slot: SLOT,
  source: { provider: PROVIDER_KEY, plugin: '@xpert-ai/plugin-lark' },
  refreshable: true
}

const statusView: ViewManifest = {
  ...common,
  key: 'status',
  title: label('status'),
  icon: { type: 'font', value: 'ri-pulse-line' },
  order: 1,
  view: {
    type: 'stats',
    items: [
      { key: 'mode', label: label('connectionMode'), valueType: 'text' },
      { key: 'state', label: label('status'), valueType: 'status' },
      { key: 'bot', label: label('botUser'), valueType: 'text' },
      { key: 'lastConnected', label: label('lastConnected'), valueType: 'datetime' },
      { key: 'owner', label: label('ownerInstance'), valueType: 'text' },
      { key: 'lastFrame', label: label('lastFrame'), valueType: 'datetime' },
      { key: 'connection', label: label('connectionHint'), valueType: 'text' },
      { key: 'messages', label: label('waitingAndFailedMessages'), valueType: 'text' },
      { key: 'callbacks', label: label('refusedCallbacks'), valueType: 'text' }
    ]
  },
  dataSource: { mode: 'platform', cache: { enabled: false } }
}

const messagesView: ViewManifest = {
  ...common,
  key: 'messages',
  title: label('messages'),
  icon: { type: 'font', value: 'ri-chat-history-line' },
  order: 4,
  view: {
    type: 'table',
    columns: [
      { key: 'time', label: label('time'), dataType: 'datetime' },
      { key: 'chat', label: label('chatId'), dataType: 'text' },
      { key: 'sender', label: label('senderOpenId'), dataType: 'text' },
      { key: 'message', label: label('messageId'), dataType: 'text' },
      { key: 'outcome', label: label('outcome'), dataType: 'text' }
    ],
    pagination: { enabled: true, pageSize: 20 }
  },
  dataSource: { mode: 'platform', querySchema: { supportsPagination: true }, cache: { enabled: false } }
}

export const manifests: readonly ViewManifest[] = [statusView, messagesView]
