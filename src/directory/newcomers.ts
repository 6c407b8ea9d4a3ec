import { Injectable } from '@nestjs/common'
import { HostServices, pluginMessage } from '../host'
import { LarkIntegration } from '../settings'
import { Clock, deterministicUuid, Pace } from '../shared'

export const PROVISION_TYPE = 'plugin.lark.provision_user.v1'

/** From one newcomer of this process to the next: a user is made in less. */
const STEP_MS = 200

/** Until somebody who found others before them is asked for again. */
const BUSY_MS = 2_000

/** A sender of whom only ids are known. */
export interface Newcomer {
  openId: string
  unionId: string
}

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
  async invite(integration: LarkIntegration, newcomer: Newcomer): Promise<void> {
    if (integration.settings.userProvision.autoProvision) await this.ask(integration, newcomer, 0)
  }

  /**
   * Others come first. A message of its own: the host counts each retry of one, and gives it up after some. May throw
   * `HostUnavailableError`.
   */
  inviteLater(integration: LarkIntegration, newcomer: Newcomer): Promise<void> {
    return this.ask(integration, newcomer, BUSY_MS)
  }

  private async ask(integration: LarkIntegration, { openId, unionId }: Newcomer, afterMs: number): Promise<void> {
    const now = this.clock.now()
    const { id: integrationId, tenantId, organizationId } = integration
    const id = deterministicUuid(PROVISION_TYPE, integrationId, openId, now.toISOString())
    const payload = { integrationId, openId, unionId }
    const message = pluginMessage({ id, type: PROVISION_TYPE, tenantId, organizationId, integrationId, payload }, now)
    await this.host.enqueue(message, { delayMs: afterMs + Math.round(this.pace.delayMs()) })
  }
}
