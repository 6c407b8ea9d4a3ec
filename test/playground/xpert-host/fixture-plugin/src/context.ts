/** Both tokens stand for the same ctx of register(): one as a value, one made by a factory. */
export const CTX_VALUE = 'FIXTURE_CTX_VALUE'
export const CTX_LIVE = 'FIXTURE_CTX_LIVE'

export interface FixtureContext {
  module?: unknown
  config: { greeting?: unknown }
  scopeKey: string
  resolve(token: unknown): unknown
}

export const INTEGRATION = 'XPERT_PLUGIN_INTEGRATION_PERMISSION_SERVICE'
export const HANDOFF = 'XPERT_PLUGIN_HANDOFF_PERMISSION_SERVICE'
export const USER = 'XPERT_PLUGIN_USER_PERMISSION_SERVICE'
export const ACCOUNT_BINDING = 'XPERT_PLUGIN_ACCOUNT_BINDING_PERMISSION_SERVICE'
