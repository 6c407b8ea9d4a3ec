import { Injectable } from '@nestjs/common'
import { messageOf } from '../shared'
import { HandoffMessage } from './handoff-message'
import { HostContext, HostUnavailableError } from './host-context'

const INTEGRATION_SERVICE = 'XPERT_PLUGIN_INTEGRATION_PERMISSION_SERVICE'
const HANDOFF_SERVICE = 'XPERT_PLUGIN_HANDOFF_PERMISSION_SERVICE'

/** What this plugin asks the host for; listed in the plugin object's `permissions`. */
export const PERMISSIONS = [
  { type: 'integration', service: 'lark', operations: ['read'] },
  { type: 'handoff', operations: ['enqueue'] },
  { type: 'user', operations: ['read', 'write'] },
  { type: 'account_binding', operations: ['read'], providers: ['lark'] }
]

/** An integration as the host keeps it. */
export interface HostIntegration {
  id: string
  tenantId: string
  organizationId: string | null
  name: string
  provider: string
  options: Record<string, unknown> | null
}

interface IntegrationService {
  read(id: string): Promise<HostIntegration | null>
}

interface HandoffService {
  enqueue(message: HandoffMessage, options?: { delayMs?: number }): Promise<{ id: string }>
}

/**
 * The host's services, resolved at the moment of use: `ctx.resolve` does not work before the application has started.
 */
@Injectable()
export class HostServices {
  constructor(private readonly context: HostContext) {}

  /** By id alone: the host filters neither by tenant nor by provider, and answers null on its own errors (host-contract §10 13). */
  async readIntegration(id: string): Promise<HostIntegration | null> {
    return this.resolve<IntegrationService>(INTEGRATION_SERVICE, 'integration service').read(id)
  }

  /** Throws `HostUnavailableError` when the message may not have been queued. */
  async enqueue(message: HandoffMessage, options?: { delayMs?: number }): Promise<void> {
    try {
      await this.resolve<HandoffService>(HANDOFF_SERVICE, 'handoff queue').enqueue(message, options)
    } catch (error) {
      if (error instanceof HostUnavailableError) throw error
      throw new HostUnavailableError(`handoff queue (${messageOf(error)})`, error)
    }
  }

  private resolve<T>(token: string, what: string): T {
    try {
      return this.context.resolve<T>(token)
    } catch (error) {
      throw new HostUnavailableError(what, error)
    }
  }
}
