import { ViewManifest } from '../../host'
import { label, LabelKey } from '../../i18n'
import { ConnectionMode } from '../../settings'

export const PROVIDER_KEY = 'lark_integration'
export const HOST_TYPE = 'integration'
export const SLOT = 'detail.main_tabs'

/** What an integration's tabs depend on. */
export interface TabSituation {
  mode: ConnectionMode
  /** An admin has switched the long connection off. */
  isSwitchedOff: boolean
  /** The operator allows texts of messages in the Messages tab. */
  showsTexts: boolean
  /** A word or two for the reader, beside the title of the Status tab: the host shows them as they are. */
  badge?: string
}

export const common = {
  hostType: HOST_TYPE,
  slot: SLOT,
  source: { provider: PROVIDER_KEY, plugin: '@xpert-ai/plugin-lark' },
  refreshable: true
} satisfies Partial<ViewManifest>

type DataType = 'text' | 'datetime'

interface ColumnOptions {
  dataType?: DataType
  sortable?: boolean
}

/** The host formats `datetime` alone; every other type is shown as text (host-observed 43). */
export const column = (key: string, name: LabelKey, { dataType = 'text', sortable = false }: ColumnOptions = {}) => ({
  key,
  label: label(name),
  dataType,
  ...(sortable ? { sortable: true } : {})
})

/** A table whose search, sort and pages are done in SQL. */
export const table = (columns: ReturnType<typeof column>[], placeholder: LabelKey) => ({
  view: {
    type: 'table',
    columns,
    pagination: { enabled: true, pageSize: 20 },
    search: { enabled: true, placeholder: label(placeholder) }
  },
  dataSource: {
    mode: 'platform',
    querySchema: { supportsPagination: true, supportsSearch: true, supportsSort: true, supportsFilter: true },
    cache: { enabled: false }
  }
})

/** Everything that changes something needs the permission to edit; who lacks it does not see the button. */
export const action = (
  key: string,
  placement: 'toolbar' | 'row',
  name: LabelKey,
  icon: string,
  confirm?: LabelKey
): Record<string, unknown> => ({
  key,
  label: label(name),
  icon,
  placement,
  actionType: 'invoke',
  transport: 'json',
  permissions: ['INTEGRATION_EDIT'],
  ...(confirm ? { confirm: { title: label(name), message: label(confirm) } } : {})
})
