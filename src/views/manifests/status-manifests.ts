import { ViewManifest } from '../../host'
import { label, LabelKey } from '../../i18n'
import { action, column, common, TabSituation } from './common'

const item = (key: string, name: LabelKey, valueType: 'text' | 'status' | 'datetime' = 'text') => ({
  key,
  label: label(name),
  valueType
})

/** Cards with large values, three a row: six short ones are as many as can be read (host-observed 43). */
const items = ({ mode }: TabSituation) => [
  item('mode', 'connectionMode'),
  item('state', 'status', 'status'),
  item('bot', 'botUser'),
  mode === 'webhook' ? item('lastEvent', 'lastCallback', 'datetime') : item('owner', 'ownerAndLastConnected'),
  item('messages', 'waitingAndFailedMessages'),
  item('errors', 'recentErrors')
]

const refresh = action('refresh', 'toolbar', 'refresh', 'ri-refresh-line')

const actions = ({ mode, isSwitchedOff }: TabSituation): Record<string, unknown>[] => {
  if (mode === 'webhook') return [refresh]
  if (isSwitchedOff) return [refresh, action('connect', 'toolbar', 'connect', 'ri-plug-line')]
  return [
    refresh,
    action('reconnect', 'toolbar', 'reconnect', 'ri-restart-line'),
    action('disconnect', 'toolbar', 'disconnect', 'ri-shut-down-line', 'confirmDisconnect')
  ]
}

export const statusManifest = (situation: TabSituation): ViewManifest => ({
  ...common,
  key: 'status',
  title: label('status'),
  icon: { type: 'font', value: 'ri-pulse-line' },
  order: 1,
  ...(situation.badge ? { badge: { type: 'status', value: situation.badge } } : {}),
  view: { type: 'stats', items: items(situation) },
  dataSource: { mode: 'platform', cache: { enabled: false } },
  actions: actions(situation)
})

/** A line a row, long texts included. */
export const diagnosisManifest: ViewManifest = {
  ...common,
  key: 'diagnosis',
  title: label('diagnosis'),
  icon: { type: 'font', value: 'ri-stethoscope-line' },
  order: 2,
  view: {
    type: 'table',
    columns: [column('title', 'check'), column('verdict', 'verdict'), column('cause', 'cause'), column('link', 'link')]
  },
  dataSource: { mode: 'platform', cache: { enabled: false } },
  actions: [action('check_again', 'toolbar', 'checkAgain', 'ri-refresh-line')]
}
