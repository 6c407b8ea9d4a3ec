import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { currentCaller } from '../host'
import { appKeyOf } from '../lark'
import { LarkIntegration } from '../settings'
import { Log, PluginError } from '../shared'

/**
 * There is nothing that this integration may switch: `webhook_mode`: it has no long connection; `other_organization`: its app
 * is held by another tenant or organisation.
 */
export class ConnectionRefusedError extends PluginError<'webhook_mode' | 'other_organization'> {}

interface Wish {
  desiredState: 'connected' | 'disconnected'
  withNewSocket: boolean
  /** For the log: who switched a connection is asked for when it is missed. */
  sentence: string
}

const CONNECT: Wish = {
  desiredState: 'connected',
  withNewSocket: false,
  sentence: 'an administrator connects a long connection'
}
const DISCONNECT: Wish = {
  desiredState: 'disconnected',
  withNewSocket: false,
  sentence: 'an administrator disconnects a long connection'
}
const RECONNECT: Wish = {
  desiredState: 'connected',
  withNewSocket: true,
  sentence: 'an administrator reconnects a long connection'
}

/**
 * What an admin asks for, stored for all instances: it holds over rounds, hand-overs and restarts until something else is
 * asked for, and the owner follows it in its next round, wherever it was asked. All integrations of the organisation that
 * share the app share the wish.
 */
@Injectable()
export class ConnectionControl {
  private readonly log = new Log('long-connection')

  constructor(private readonly dataSource: DataSource) {}

  connect(integration: LarkIntegration): Promise<void> {
    return this.ask(integration, CONNECT)
  }

  disconnect(integration: LarkIntegration): Promise<void> {
    return this.ask(integration, DISCONNECT)
  }

  /** Connects, with a new socket where there is one, at once where the next attempt is far away. */
  reconnect(integration: LarkIntegration): Promise<void> {
    return this.ask(integration, RECONNECT)
  }

  private async ask({ id, tenantId, organizationId, settings }: LarkIntegration, wish: Wish): Promise<void> {
    const details = { integration: id }
    if (settings.connectionMode !== 'long_connection') {
      throw new ConnectionRefusedError('webhook_mode', 'The integration has no long connection', { details })
    }
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO plugin_lark_connection AS held
         (id, app_key, tenant_id, organization_id, desired_state, reconnect_at, state, since)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, CASE WHEN $5::boolean THEN clock_timestamp() END, 'closed', now())
       ON CONFLICT (app_key) DO UPDATE SET desired_state = excluded.desired_state,
         reconnect_at = coalesce(excluded.reconnect_at, held.reconnect_at)
       WHERE held.tenant_id = excluded.tenant_id AND held.organization_id IS NOT DISTINCT FROM excluded.organization_id
       RETURNING app_key`,
      [appKeyOf(settings), tenantId, organizationId, wish.desiredState, wish.withNewSocket]
    )
    if (rows.length === 0) {
      throw new ConnectionRefusedError('other_organization', 'The app is held by another organisation', { details })
    }
    this.log.info(wish.sentence, { app: appKeyOf(settings), ...details, user: currentCaller().userId })
  }
}
