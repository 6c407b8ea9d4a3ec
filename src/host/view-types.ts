/** As the host takes labels; what they say is the business of `i18n`. */
interface I18nText {
  en_US: string
  zh_Hans: string
}

export interface ViewHostContext {
  tenantId: string
  organizationId: string | null
  userId: string
  hostType: string
  hostId: string
  locale?: string
  hostSnapshot?: { provider?: string }
}

export interface ViewQuery {
  page?: number
  pageSize?: number
  search?: string
  sortBy?: string
  sortDirection?: 'asc' | 'desc'
  filters?: { key: string; operator?: string; value?: unknown }[]
}

export interface ViewManifest {
  key: string
  title: I18nText
  icon?: { type: string; value: string }
  hostType: string
  slot: string
  order: number
  source: { provider: string; plugin: string }
  /** Beside the tab's title, as it is (host-observed 43). */
  badge?: { type: 'status'; value: string }
  refreshable: boolean
  view: Record<string, unknown>
  dataSource: Record<string, unknown>
  actions?: Record<string, unknown>[]
}

export interface ViewData {
  items?: Record<string, unknown>[]
  total?: number
  summary?: Record<string, unknown>
  item?: Record<string, unknown>
}

export interface ViewActionRequest {
  targetId?: string
  input?: Record<string, unknown>
  parameters?: Record<string, unknown>
}

export interface ViewActionResult {
  success: boolean
  message?: I18nText
  /** The page reads the view again. */
  refresh?: boolean
}

export interface ViewProvider {
  supports(context: ViewHostContext): boolean | Promise<boolean>
  getViewManifests(context: ViewHostContext, slot: string): ViewManifest[] | Promise<ViewManifest[]>
  getViewData(context: ViewHostContext, viewKey: string, query: ViewQuery): Promise<ViewData>
  executeViewAction(
    context: ViewHostContext,
    viewKey: string,
    actionKey: string,
    request: ViewActionRequest
  ): Promise<ViewActionResult>
}

/** One finding about a workflow draft; an `error` keeps it from being published. */
export interface ChecklistItem {
  node?: string
  ruleCode: string
  field: string
  value: string | null
  message: I18nText
  level: 'error' | 'warning'
}
