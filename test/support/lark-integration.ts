import { IntegrationLookUp, IntegrationReader, LarkIntegration, LarkSettings } from '../../src/settings'
import { isUuid } from '../../src/shared'

export const INTEGRATION_ID = '6f1c9d0e-8a57-4f0b-9d2f-0d6a5f1f3b11'

/** An integration in webhook mode with both secrets; its app is that of `test/fixtures/lark`. */
export const larkIntegration = (
  settings: Partial<LarkSettings> = {},
  patch: Partial<Omit<LarkIntegration, 'settings'>> = {}
): LarkIntegration => ({
  id: INTEGRATION_ID,
  tenantId: 'tenant-1',
  organizationId: 'organization-1',
  name: 'Helper',
  ...patch,
  settings: {
    appId: 'cli_0123456789abcdef',
    appSecret: 'secret',
    region: 'feishu',
    connectionMode: 'webhook',
    verificationToken: 'vtok',
    userProvision: { autoProvision: false },
    ...settings
  }
})

/** The host's integrations, as a test says they are. */
export class StaticReader extends IntegrationReader {
  readonly integrations = new Map<string, LarkIntegration>()
  reads = 0
  failure: Error | undefined

  constructor(...integrations: LarkIntegration[]) {
    super()
    for (const integration of integrations) this.integrations.set(integration.id, integration)
  }

  async lookUp(id: string): Promise<IntegrationLookUp> {
    if (!isUuid(id)) return 'unknown'
    this.reads += 1
    if (this.failure) return 'unavailable'
    const integration = this.integrations.get(id)
    return integration ? { integration } : 'unknown'
  }

  drop(): void {}
}
