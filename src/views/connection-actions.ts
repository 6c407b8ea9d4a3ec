import { ConflictException, Injectable } from '@nestjs/common'
import { HostServices, ViewActionResult } from '../host'
import { inBoth, say, TextKey } from '../i18n'
import { Doctor } from '../integration'
import { ConnectionControl, ConnectionRefusedError } from '../long-connection'
import { LarkIntegration } from '../settings'
import type { Reader, TabAction } from './integration-tabs'
import { HOST_TYPE } from './manifests'

type Wish = 'connect' | 'disconnect' | 'reconnect'

const ASKED: Record<Wish, TextKey> = {
  connect: 'connectAsked',
  disconnect: 'disconnectAsked',
  reconnect: 'reconnectAsked'
}

const REFUSALS: Record<ConnectionRefusedError['code'], TextKey> = {
  webhook_mode: 'noLongConnection',
  other_organization: 'connectionOtherOrganization'
}

/** The switches of a long connection, for the Status tab and for the REST routes. */
@Injectable()
export class ConnectionActions {
  readonly actions: Record<Wish, TabAction> = {
    connect: this.action('connect'),
    disconnect: this.action('disconnect'),
    reconnect: this.action('reconnect')
  }

  constructor(
    private readonly control: ConnectionControl,
    private readonly doctor: Doctor,
    private readonly host: HostServices
  ) {}

  /** Throws Nest's exception in the reader's language when there is nothing to switch. */
  async ask(wish: Wish, integration: LarkIntegration, { language }: Reader): Promise<ViewActionResult> {
    try {
      await this.control[wish](integration)
    } catch (error) {
      if (!(error instanceof ConnectionRefusedError)) throw error
      throw new ConflictException(say(REFUSALS[error.code], language))
    }
    this.doctor.forget(integration)
    const { id: hostId, tenantId, organizationId } = integration
    // The buttons follow the state, and the host remembers them for a minute.
    await this.host.forgetViews({ tenantId, organizationId, hostType: HOST_TYPE, hostId })
    return { success: true, message: inBoth(ASKED[wish]), refresh: true }
  }

  private action(wish: Wish): TabAction {
    return (integration, _request, reader) => this.ask(wish, integration, reader)
  }
}
