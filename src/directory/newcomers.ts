import { Injectable } from '@nestjs/common'
import { HostServices, pluginMessage } from '../host'
import { LarkIntegration } from '../settings'
import { Clock, deterministicUuid, Pace } from '../shared'

export const PROVISION_TYPE = 'plugin.lark.provision_user.v1'

/** From one newcomer of this process to the next: a user is made in less. */
const STEP_MS = 200

/** Asks for a platform user for somebody who has none; the work is done in the host's context, off everybody's way. */
@Injectable()
export class Newcomers {
  /** Each keeps a slot of the queue over which answers come, too. */
  private readonly pace = new Pace(STEP_MS)

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
    const message = pluginMessage({ id, type: PROVISION_TYPE, tenantId, organizationId, integrationId, payload }, now)
    await this.host.enqueue(message, { delayMs: Math.round(this.pace.delayMs()) })
  }
}
