import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { appKeyOf } from '../lark'
import { LarkIntegration } from '../settings'
import { PluginError } from '../shared'

/** There is nothing that this integration may switch. */
export class ConnectionRefusedError extends PluginError<'webhook_mode' | 'other_organization'> {}

/**
 * What an admin asks for, stored for all instances: it holds until something else is asked for, and the owner follows it at
 * its next renewal, wherever it was asked.
 */
@Injectable()
export class ConnectionControl {
  constructor(private readonly dataSource: DataSource) {}

  connect(integration: LarkIntegration): Promise<void> {
    return this.ask(integration, 'connected', false)
  }

  disconnect(integration: LarkIntegration): Promise<void> {
    return this.ask(integration, 'disconnected', false)
  }

  /** Connects, with a new socket where there is one: its owner finds that it has lost the lease. */
  reconnect(integration: LarkIntegration): Promise<void> {
    return this.ask(integration, 'connected', true)
  }

  private async ask(
    { id, tenantId, organizationId, settings }: LarkIntegration,
    desiredState: 'connected' | 'disconnected',
    withNewSocket: boolean
  ): Promise<void> {
    const details = { integration: id }
    if (settings.connectionMode !== 'long_connection')
      throw new ConnectionRefusedError('webhook_mode', 'The integration has no long connection', { details })
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO plugin_lark_connection AS held (id, app_key, tenant_id, organization_id, desired_state, state, since)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, 'closed', now())
       ON CONFLICT (app_key) DO UPDATE SET desired_state = excluded.desired_state,
         lease_token = CASE WHEN $5::boolean THEN NULL ELSE held.lease_token END,
         lease_expires_at = CASE WHEN $5::boolean THEN NULL ELSE held.lease_expires_at END
       WHERE held.tenant_id = excluded.tenant_id AND held.organization_id IS NOT DISTINCT FROM excluded.organization_id
       RETURNING app_key`,
      [appKeyOf(settings), tenantId, organizationId, desiredState, withNewSocket]
    )
    if (rows.length === 0)
      throw new ConnectionRefusedError('other_organization', 'The app is held by another organisation', { details })
  }
}
