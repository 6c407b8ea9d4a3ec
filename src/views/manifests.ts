import { I18nText, ViewManifest } from '../host'

export const PROVIDER_KEY = 'lark_integration'
export const HOST_TYPE = 'integration'
export const SLOT = 'detail.main_tabs'

const text = (en_US: string, zh_Hans: string): I18nText => ({ en_US, zh_Hans })

const common = {
  hostType: HOST_TYPE,
  slot: SLOT,
  source: { provider: PROVIDER_KEY, plugin: '@xpert-ai/plugin-lark' },
  refreshable: true
}

const statusView: ViewManifest = {
  ...common,
  key: 'status',
  title: text('Status', '状态'),
  icon: { type: 'font', value: 'ri-pulse-line' },
  order: 1,
  view: {
    type: 'stats',
    items: [
      { key: 'mode', label: text('Connection mode', '连接模式'), valueType: 'text' },
      { key: 'state', label: text('Status', '状态'), valueType: 'status' },
      { key: 'bot', label: text('Bot user', '机器人'), valueType: 'text' },
      { key: 'lastConnected', label: text('Last connected', '最近连接'), valueType: 'datetime' },
      { key: 'waiting', label: text('Waiting messages', '等待中的消息'), valueType: 'number' },
      { key: 'failed', label: text('Failed messages', '失败的消息'), valueType: 'number' }
    ]
  },
  dataSource: { mode: 'platform', cache: { enabled: false } }
}

const messagesView: ViewManifest = {
  ...common,
  key: 'messages',
  title: text('Messages', '消息'),
  icon: { type: 'font', value: 'ri-chat-history-line' },
  order: 4,
  view: {
    type: 'table',
    columns: [
      { key: 'time', label: text('Time', '时间'), dataType: 'datetime' },
      { key: 'chat', label: text('Chat ID', '会话 ID'), dataType: 'text' },
      { key: 'sender', label: text('Sender Open ID', '发送者 Open ID'), dataType: 'text' },
      { key: 'message', label: text('Message ID', '消息 ID'), dataType: 'text' },
      { key: 'outcome', label: text('Outcome', '结果'), dataType: 'text' }
    ],
    pagination: { enabled: true, pageSize: 20 }
  },
  dataSource: { mode: 'platform', querySchema: { supportsPagination: true }, cache: { enabled: false } }
}

export const manifests: readonly ViewManifest[] = [statusView, messagesView]
