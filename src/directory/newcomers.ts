import { Injectable } from '@nestjs/common'
import { HostServices, pluginMessage } from '../host'
import { LarkIntegration } from '../settings'
import { Clock, deterministicUuid } from '../shared'

export const PROVISION_TYPE = 'plugin.lark.provision_user.v1'

/** Asks for a platform user for somebody who has none; the work is done in the host's context, off everybody's way. */
@Injectable()
export class Newcomers {
  constructor(
    private readonly host: HostServices,
    private readonly clock: Clock
  ) {}

  /** Nothing where the integration does not provision. May throw `HostUnavailableError`: the next message asks again. */
  async invite(integration: LarkIntegration, openId: string, unionId: string): Promise<void> {
    if (!integration.settings.userProvision.autoProvision) return
    const now = this.clock.now()
    const { id: integrationId, tenantId, organizationId } = integration
    const id = deterministicUuid(PROVISION_TYPE, integrationId, openId, now.toISOString())
    const payload = { integrationId, openId, unionId }
    await this.host.enqueue(
      pluginMessage({ id, type: PROVISION_TYPE, tenantId, organizationId, integrationId, payload }, now)
    )
  }
}
