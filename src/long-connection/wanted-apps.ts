import { appKeyOf } from '../lark'
import { LarkIntegration } from '../settings'

/** One app that needs a connection, with the integrations that share it. */
export interface WantedApp {
  appKey: string
  tenantId: string
  organizationId: string | null
  integrations: LarkIntegration[]
}

export interface WantedApps {
  apps: Map<string, WantedApp>
  /** Integrations of another tenant or organisation that name the same app: they get no connection and no events. */
  conflicts: LarkIntegration[]
}

type Scope = Pick<LarkIntegration, 'tenantId' | 'organizationId'>

const isSameScope = (left: Scope, right: Scope): boolean =>
  left.tenantId === right.tenantId && left.organizationId === right.organizationId

/**
 * Groups the integrations in long-connection mode by app. An app belongs to the scope that holds it already, else to the
 * first one by id, so every instance decides alike.
 */
export const wantedApps = (
  integrations: readonly LarkIntegration[],
  holderOf: (appKey: string) => Scope | undefined
): WantedApps => {
  const candidates = integrations
    .filter(({ settings }) => settings.connectionMode === 'long_connection')
    .sort((left, right) => (left.id < right.id ? -1 : 1))
  const apps = new Map<string, WantedApp>()
  const conflicts: LarkIntegration[] = []
  const isHeldElsewhere = (integration: LarkIntegration, appKey: string): boolean => {
    const holder = holderOf(appKey)
    const holds = (other: LarkIntegration) =>
      holder && appKeyOf(other.settings) === appKey && isSameScope(other, holder)
    return holder !== undefined && !isSameScope(integration, holder) && candidates.some(holds)
  }
  for (const integration of candidates) {
    const appKey = appKeyOf(integration.settings)
    const app = apps.get(appKey)
    if (isHeldElsewhere(integration, appKey) || (app && !isSameScope(app, integration))) conflicts.push(integration)
    else if (app) app.integrations.push(integration)
    else {
      const { tenantId, organizationId } = integration
      apps.set(appKey, { appKey, tenantId, organizationId, integrations: [integration] })
    }
  }
  return { apps, conflicts }
}
