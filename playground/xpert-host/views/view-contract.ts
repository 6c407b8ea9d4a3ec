/** The parts of host-contract 3.6 that the host itself reads; what it only passes on stays open. */
export interface I18nText {
  en_US: string
  zh_Hans?: string
}

export interface ViewHostContext {
  tenantId: string
  organizationId?: string
  workspaceId: null
  userId: string
  hostType: 'integration'
  hostId: string
  locale: string
  slots: { key: string; mode: string }[]
  hostSnapshot: Record<string, unknown>
}

export interface ViewAction {
  key: string
  label: I18nText
  placement?: 'toolbar' | 'row'
  actionType: 'invoke' | 'navigate' | 'open_detail' | 'refresh'
  confirm?: { title?: I18nText; message?: I18nText }
  permissions?: string[]
}

export interface ViewParameter {
  key: string
  label: I18nText
  description?: I18nText
}

export interface QuerySchema {
  supportsPagination?: boolean
  supportsCursor?: boolean
  supportsSearch?: boolean
  supportsSort?: boolean
  supportsFilter?: boolean
  supportsSelection?: boolean
  supportsParameters?: boolean
}

export interface ViewSchema {
  type: 'stats' | 'table' | 'list' | 'detail' | 'raw_json' | 'remote_component'
  items?: { key: string; label: I18nText }[]
  columns?: { key: string; label: I18nText }[]
  fields?: { key: string; label: I18nText }[]
  search?: { enabled?: boolean; placeholder?: I18nText }
  runtime?: string
  protocolVersion?: number
  component?: { isolation?: string; entry?: string }
}

export interface ViewManifest {
  key: string
  title: I18nText
  description?: I18nText
  hostType: string
  slot: string
  order?: number
  visible?: boolean
  source?: { provider: string; plugin?: string; version?: string }
  permissions?: string[]
  view: ViewSchema
  dataSource: { mode: string; querySchema?: QuerySchema; cache?: { enabled?: boolean; ttlMs?: number } }
  parameters?: ViewParameter[]
  actions?: ViewAction[]
}

export interface ViewQuery {
  page?: number
  pageSize?: number
  cursor?: string
  search?: string
  sortBy?: string
  sortDirection?: 'asc' | 'desc'
  filters?: { key: string; operator?: string; value?: unknown }[]
  selectionId?: string
  parameters?: Record<string, unknown>
}

export interface ViewActionRequest {
  targetId?: string
  input?: Record<string, unknown>
  parameters?: Record<string, unknown>
}

export interface ViewProvider {
  supports(context: ViewHostContext): boolean | Promise<boolean>
  getViewManifests(context: ViewHostContext, slot: string): ViewManifest[] | Promise<ViewManifest[]>
  getViewData(context: ViewHostContext, viewKey: string, query: ViewQuery): unknown
  executeViewAction?(
    context: ViewHostContext,
    viewKey: string,
    actionKey: string,
    request: ViewActionRequest
  ): { refresh?: boolean } | Promise<{ refresh?: boolean }>
  getViewParameterOptions?(
    context: ViewHostContext,
    viewKey: string,
    parameterKey: string,
    query: Pick<ViewQuery, 'search' | 'parameters'>
  ): unknown
  getRemoteComponentEntry?(
    context: ViewHostContext,
    viewKey: string,
    component: object
  ): { html: string } | Promise<{ html: string }>
}
